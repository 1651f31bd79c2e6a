"""Facts on the data-sharing plan: what it says of the participants' data and of the other documents."""

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


@fact
def undecided_documents(reading: Reading) -> Fact:
    """The documents whose sharing is undecided: ``ipd``, ``protocol``, ``sap``, ``icf``, ``csr``, ``code``, ``dictionary``."""
    rows = reading.registration.sharing
    if not rows.items:
        return missing(rows.heading) or cannot_tell("unclear", rows.heading.field)
    undecided = [row for row in rows if row.plan.code == "undecided"]
    return Fact(tuple(row.document for row in undecided), tuple(row.plan.whole() for row in undecided))
