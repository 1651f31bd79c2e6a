"""Facts on the data-sharing plan: what it says of each document."""

from audit.engine.reading import Reading, cannot_tell, fact, missing
from audit.model.result import Fact


@fact
def ipd_sharing_plan(reading: Reading) -> Fact:
    """The plan to share individual participant data: ``yes``, ``no``, ``undecided`` or ``not_applicable``."""
    rows = reading.registration.sharing
    for row in rows:
        if row.document == "ipd":
            if row.plan.code is None:
                return missing(row.plan) or cannot_tell("unclear", row.plan.field)
            return Fact(row.plan.code, (row.plan.whole(),))
    return missing(rows.heading) or cannot_tell("unknown", rows.heading.field)
