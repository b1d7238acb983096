"""Campaign -> spool: who gets what, how big it is and what is wrong, before anything is sent."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import anthology, editions, ledger, load, output, pipeline, raster, settings, validate
from .. import campaign as campaigns
from ..campaign import Campaign, PhraseError, Recipient
from ..deliver import Enclosure, Writer, file_name
from ..orders import Order, Progress
from ..problems import InputError, Problem, Severity, error, warning
from ..settings import Archive
from ..validate import Heading
from .choice import BOOK, Chooser, Wanted, everything
from .spool import FOLDER, Plan, Planned, Spool
from .words import Linked, Matter, Shown, words

LEAN = "mail"
"""The rendition that ``over_size: [lean]`` takes."""

PREVIEW_WIDTH, PREVIEW_COLOURS = 360, 32
"""Pixels; and as many colours as a manila folder needs to be told from a grey one."""

_DAY = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
"""Stands in for the date of sending when a message is weighed: every date has the same length."""


@dataclass
class Prepared:
    """What came of planning. ``plan`` is there only when every message can be sent as it is."""

    folder: Path
    plan: Plan | None = None
    problems: list[Problem] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)


@dataclass(frozen=True)
class Piece:
    """Something to enclose: its bytes by hash, what file names and links need of it, and its picture."""

    sha: str
    size: int
    facts: Mapping[str, str]
    url: str = ""
    picture: Enclosure | None = None
    shown: Shown | None = None


def folder_of(campaign: Campaign, results: Path) -> Path:
    return results / FOLDER / campaign.name


def plan(path: Path, order: Order, tell: Progress | None = None) -> Prepared:
    """Make the spool of a campaign. Raises InputError for a campaign that cannot be read, UsageError for an unknown
    layout or paper. The spool of a former plan counts until this one is whole; a file that cannot be written is a
    problem.
    """
    campaign = campaigns.read(path)
    prepared = Prepared(folder_of(campaign, order.output))
    archive = settings.read(order.archive)
    planner = _Planner(campaign, archive, order, prepared)
    try:
        with ledger.held(campaign.ledger):
            planner.run(tell)
    except OSError as failure:
        prepared.problems.append(output.unwritten(failure))
        prepared.plan = None
    except InputError as failure:
        prepared.problems += failure.problems
        prepared.plan = None
    return prepared


class _Planner:
    def __init__(self, campaign: Campaign, archive: Archive, order: Order, prepared: Prepared) -> None:
        self._campaign, self._archive = campaign, archive
        self._prepared, self._problems = prepared, prepared.problems
        theme, paper = campaign.theme or order.theme, campaign.paper or order.paper
        self._order = replace(order, output=prepared.folder, theme=theme, paper=paper, rendition=campaign.rendition)
        self._spool = Spool(prepared.folder)
        self._writer = Writer(self._spool.enclosed)
        self._chooser = Chooser(archive)
        self._pieces: dict[tuple[str, str], Piece] = {}
        """What is at hand, by slug and rendition."""

    def run(self, tell: Progress | None) -> None:
        new = not self._spool.is_there
        recipients = self._campaign.recipients
        wanted = [(one, self._chooser.wanted(self._campaign, one, self._problems)) for one in recipients]
        slugs = everything(one for _, one in wanted)
        if self._is_stuck():
            if slugs:
                self._problems += pipeline.check(replace(self._order, edition=editions.edition(slugs))).problems
            return
        self._make(slugs, self._campaign.rendition, tell)
        if any(one.book for _, one in wanted):
            self._bind(tell)
        if self._is_stuck():
            return
        self._make(self._too_large(wanted), LEAN, tell)
        messages = [message for recipient, one in wanted for message in self._messages(recipient, one)]
        self._problems[:] = list({(one.where, one.message): one for one in reversed(self._problems)}.values())[::-1]
        if not self._is_stuck():
            self._keep(messages, new=new)

    def _is_stuck(self) -> bool:
        return self._prepared.failed

    def _keep(self, messages: Sequence[Planned], *, new: bool) -> None:
        """Write the plan; the first one of a campaign makes its ledger, too."""
        campaign = self._campaign
        made = Plan(
            campaign.name,
            campaign.sender,
            tuple(messages),
            campaign.reply_to,
            campaign.cc,
            campaign.bcc,
            campaign.inputs,
        )
        if new:
            with ledger.opened(campaign.ledger, campaign.name):
                pass
        self._prepared.files = [self._spool.write(made)]
        self._prepared.plan = made
        kept = {(slug, rendition) for slug, rendition in self._pieces}
        for folder in self._prepared.folder.glob(f"{pipeline.FOLDER}*/"):
            rendition = folder.name.removeprefix(pipeline.FOLDER).removeprefix("-")
            for stray in folder.glob("*.pdf"):
                if (stray.stem, rendition) not in kept:
                    stray.unlink(missing_ok=True)

    def _make(self, slugs: Iterable[str], rendition: str, tell: Progress | None) -> None:
        """Render what is needed, through the cache, and keep each once."""
        missing = [slug for slug in slugs if (slug, rendition) not in self._pieces]
        if not missing:
            return
        order = replace(self._order, edition=editions.edition(missing), rendition=rendition)
        outcome = pipeline.render(order, tell)
        self._problems += outcome.problems
        for path in outcome.files:
            self._pieces[path.stem, rendition] = self._piece(path, rendition)

    def _bind(self, tell: Progress | None) -> None:
        """The anthology, once for all: on the paper that archive.yaml names for it, and whole."""
        volume = anthology.Volume(file=self._spool.folder / f"{BOOK}.pdf")
        order = replace(self._order, edition=editions.Edition(), paper="", rendition="")
        made = anthology.make(order, volume, tell)
        self._problems += made.outcome.problems
        path = made.file
        if path is None:
            return
        title = self._archive.title
        facts = {"slug": BOOK, "title": title, "summary": self._archive.subtitle, "file_number": "", "family": ""}
        self._pieces[BOOK, ""] = self._with_picture(path, BOOK, facts, "")

    def _piece(self, path: Path, rendition: str) -> Piece:
        heading = self._heading(path.stem)
        family = self._archive.family(heading.family).title
        facts = {
            "slug": path.stem,
            "title": str(heading.title),
            "summary": str(heading.summary),
            "file_number": heading.file_number,
            "family": str(family),
        }
        return self._with_picture(path, f"{path.stem}{rendition and '-'}{rendition}", facts, heading.slug)

    @functools.cache  # noqa: B019 - a planner lives as long as one plan
    def _heading(self, slug: str) -> Heading:
        return validate.heading(load.load(self._chooser.paths[slug]), self._archive)

    def _with_picture(self, path: Path, name: str, facts: Mapping[str, str], slug: str) -> Piece:
        sha = self._spool.take(path)
        url = self._archive.url_of(slug) if slug else ""
        piece = Piece(sha, path.stat().st_size, facts, url)
        if not self._campaign.preview:
            return piece
        found = self._picture(path, sha)
        if found is None:
            return piece
        png, width, height = found
        cid = f"{sha[:32]}@{self._campaign.sender.domain}"
        number = f", {facts['file_number']}" if facts["file_number"] else ""
        alt = f"The first page of {facts['title']}{number}"
        picture = Enclosure(self._spool.put(png, "png"), f"{name}.png", "image/png", cid)
        return replace(piece, picture=picture, shown=Shown(f"cid:{cid}", alt, width, height))

    def _picture(self, path: Path, sha: str) -> tuple[bytes, int, int] | None:
        """A PNG of the first page with its width and height; None without the libraries that draw one."""
        said = f"preview 1 {PREVIEW_WIDTH} {PREVIEW_COLOURS} {sha}"
        key = hashlib.sha256(said.encode()).hexdigest()
        cache = self._order.keeping.cache
        png = cache.get(key) if cache else None
        try:
            if png is None:
                png = _drawn(path)
                if cache:
                    cache.put(key, png)
        except ImportError:
            message = "the messages show no picture of the first page: what draws one is not installed"
            place = self._campaign.where("preview")
            hint = 'pip install "dossier-press[check]", or say preview: false'
            self._problems.append(warning("no-preview", place, message, hint))
            return None
        width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
        return png, width, height

    def _too_large(self, wanted: Iterable[tuple[Recipient, Wanted]]) -> tuple[str, ...]:
        """What has to be made lean, too."""
        if "lean" not in self._campaign.over_size or self._campaign.rendition == LEAN:
            return ()
        over = []
        for recipient, one in wanted:
            with suppress(InputError):  # told when the message is made
                if not self._fits(self._message(recipient, self._enclosed(one, self._campaign.rendition))):
                    over.append(one)
        return everything(over)

    def _messages(self, recipient: Recipient, one: Wanted) -> list[Planned]:
        """The messages for a recipient, made to fit; none, with the problem told, when nothing makes them."""
        campaign, rendition = self._campaign, self._campaign.rendition
        measures: tuple[str, ...] = ()
        try:
            whole = self._message(recipient, self._enclosed(one, rendition))
            if self._fits(whole):
                return [whole]
            for measure in campaign.over_size:
                found: list[Planned] = []
                measures = (*measures, measure)
                if measure == "lean" and rendition != LEAN and all((slug, LEAN) in self._pieces for slug in one.slugs):
                    rendition = LEAN
                    found = [self._message(recipient, self._enclosed(one, rendition), measures)]
                elif measure == "split":
                    found = self._split(recipient, self._enclosed(one, rendition), measures)
                elif measure == "link" and self._linkable(one):
                    found = [self._linked(recipient, self._enclosed(one, rendition), (measure,))]
                if found and all(map(self._fits, found)):
                    return found
                measures = measures if measure == "lean" else measures[:-1]
        except InputError as failure:
            self._problems += failure.problems
            return []
        message = f"the message to {recipient.address.wire} has {whole.size:,} bytes, more than max_size"
        hint = f"max_size is {campaign.max_size:,}; {self._advice(one)}"
        self._problems.append(error("too-large", recipient.where("specimens"), message, hint))
        return []

    def _advice(self, one: Wanted) -> str:
        if "link" in self._campaign.over_size and not self._archive.published:
            return "links are used only when archive.yaml says published: true"
        left = [measure for measure in ("lean", "split", "link") if measure not in self._campaign.over_size]
        return f"over_size: can say {', '.join(left)}" if left and one.slugs else "enclose less"

    def _linkable(self, one: Wanted) -> bool:
        return self._archive.published and bool(self._archive.base_url) and not one.book

    def _enclosed(self, one: Wanted, rendition: str) -> list[Piece]:
        pieces = [self._pieces[slug, rendition] for slug in one.slugs]
        return [*pieces, self._pieces[BOOK, ""]] if one.book else pieces

    def _split(self, recipient: Recipient, pieces: Sequence[Piece], measures: tuple[str, ...]) -> list[Planned]:
        """As few messages as come of putting one piece after the other; none where a single piece is too large."""
        groups: list[list[Piece]] = []
        for piece in pieces:
            if groups and self._fits(self._message(recipient, [*groups[-1], piece], measures, (99, 99))):
                groups[-1].append(piece)
            elif self._fits(self._message(recipient, [piece], measures, (99, 99))):
                groups.append([piece])
            else:
                return []
        count = len(groups)
        return [self._message(recipient, group, measures, (number, count)) for number, group in enumerate(groups, 1)]

    def _linked(self, recipient: Recipient, pieces: Sequence[Piece], measures: tuple[str, ...]) -> Planned:
        links = [Linked(piece.facts["title"], piece.url) for piece in pieces]
        return self._written(recipient, Matter(links=links), (), (), measures)

    def _message(
        self,
        recipient: Recipient,
        pieces: Sequence[Piece],
        measures: tuple[str, ...] = (),
        part: tuple[int, int] = (1, 1),
    ) -> Planned:
        names: list[str] = []
        for piece in pieces:
            names.append(self._named(recipient, piece, names))
        previews = [piece.shown for piece in pieces if piece.shown]
        enclosures = tuple(Enclosure(piece.sha, name) for piece, name in zip(pieces, names, strict=True))
        pictures = tuple(piece.picture for piece in pieces if piece.picture)
        matter = Matter(names, previews, (), *part)
        return self._written(recipient, matter, enclosures, pictures, measures)

    def _written(
        self,
        recipient: Recipient,
        matter: Matter,
        enclosures: tuple[Enclosure, ...],
        pictures: tuple[Enclosure, ...],
        measures: tuple[str, ...],
    ) -> Planned:
        """One message, weighed. Raises InputError when its words cannot be."""
        said = words(self._campaign, recipient, matter)
        planned = Planned(
            to=recipient.address,
            part=matter.part,
            parts=matter.parts,
            subject=said.subject,
            text=self._spool.put(said.text.encode(), "txt"),
            html=self._spool.put(said.html.encode(), "html"),
            enclosures=enclosures,
            pictures=tuple(picture for picture in pictures if f"cid:{picture.cid}" in said.html),
            unsubscribe=said.unsubscribe,
            measures=measures,
        )
        campaign = self._campaign
        frame = Plan(campaign.name, campaign.sender, (), campaign.reply_to, campaign.cc, campaign.bcc)
        letter = self._spool.letter(frame, planned)
        return replace(planned, size=len(self._writer.write(letter, _DAY, letter.message_id())))

    def _named(self, recipient: Recipient, piece: Piece, taken: Sequence[str]) -> str:
        """A file name that no other enclosure of the message has."""
        filename = self._campaign.filename
        try:
            said = filename.fill({**recipient.fields, **piece.facts}) if piece.facts["file_number"] else ""
        except PhraseError as failure:
            raise InputError([failure.problem]) from failure
        name = file_name(said or piece.facts["title"])
        number = 2
        while name.casefold() in map(str.casefold, taken):
            name = file_name(f"{(said or piece.facts['title']).removesuffix('.pdf')} ({number})")
            number += 1
        return name

    def _fits(self, planned: Planned) -> bool:
        return planned.size <= self._campaign.max_size


def _drawn(path: Path) -> bytes:
    """The first page as a PNG of few colours. Raises ImportError without what draws it."""
    dpi = 60
    pages = raster.pages(path.read_bytes(), dpi)
    page = next(pages)
    pages.close()  # type: ignore[attr-defined]
    height = round(page.height * PREVIEW_WIDTH / page.width)
    small = page.resize((PREVIEW_WIDTH, height)).quantize(PREVIEW_COLOURS)
    kept = io.BytesIO()
    small.save(kept, "PNG", optimize=True)
    return kept.getvalue()
