"""Which reader reads which section: its lines in, its YAML and the lines it could not place out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .exhibits import jd_autopsy, pairs, survival_guide
from .found import Clues, Found
from .lines import Line
from .profile import flight_risk, habitat, org_chart, salary
from .witnesses import burn_ward, day_log, related

READERS: Mapping[str, Callable[[Sequence[Line], Clues], Found]] = {
    "org_chart": org_chart,
    "habitat": habitat,
    "salary": salary,
    "flight_risk": flight_risk,
    "metrics": pairs,
    "weaponry": pairs,
    "survival_guide": survival_guide,
    "jd_autopsy": jd_autopsy,
    "day_log": day_log,
    "burn_ward": burn_ward,
    "related": related,
}
