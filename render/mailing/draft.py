"""A draft: dossiers enclosed in a message that a mail program opens for a person to complete and send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from .. import load, output, pipeline, settings, validate
from ..campaign import addresses
from ..deliver import Enclosure, Letter, Writer, file_name
from ..orders import Order, Outcome, Progress
from ..problems import UsageError
from .spool import FOLDER


def draft(
    order: Order, to: str, subject: str = "", text: str = "", target: Path | None = None, tell: Progress | None = None
) -> Outcome:
    """Render what is asked for and write ``OUTPUT/mail/drafts/SLUG.eml``. Nothing is written beside a problem.

    Raises UsageError for an address that is none, or a specimen nobody knows.
    """
    try:
        address = addresses.parse(to)
        subject = addresses.one_line(subject)
    except ValueError as wrong:
        raise UsageError(f"{to}: {wrong}") from wrong
    outcome = pipeline.render(order, tell)
    if outcome.failed or not outcome.files:
        return outcome
    archive = settings.read(order.archive)
    paths = {path.stem: path for path in settings.survey(archive.root).paths}
    headings = [validate.heading(load.load(paths[made.stem]), archive) for made in outcome.files]
    contents = {hashlib.sha256(data).hexdigest(): data for data in (made.read_bytes() for made in outcome.files)}
    names = _names([f"{heading.file_number} {heading.title}" for heading in headings])
    titles = ", ".join(str(heading.title) for heading in headings)
    listed = "".join(f"- {name}\n" for name in names)
    letter = Letter(
        campaign="draft",
        to=address,
        sender=address,
        subject=subject or (titles if len(titles) < 120 else f"{len(names)} dossiers"),
        text=text or f"Enclosed:\n\n{listed}",
        enclosures=tuple(Enclosure(sha, name) for sha, name in zip(contents, names, strict=True)),
    )
    path = target or order.output / FOLDER / "drafts" / f"{outcome.files[0].stem}.eml"
    try:
        outcome.files = [output.write(path, Writer(contents.__getitem__).draft(letter))]
    except OSError as failure:
        outcome.files = []
        outcome.problems.append(output.unwritten(failure))
    return outcome


def _names(wanted: Sequence[str]) -> list[str]:
    """File names, no two alike."""
    found: list[str] = []
    for text in wanted:
        name = file_name(text)
        number = 2
        while name in found:
            name, number = file_name(f"{text} ({number})"), number + 1
        found.append(name)
    return found
