"""A catalogue and a table of cells -> outcomes, by Great Expectations. No other file imports it.

The lean form: the whole catalogue is one suite of one expectation class; all of its expectations rest on one table
metric, which the validation graph resolves once and which asks every check of every row. Results are read
from what the metric gave, never from GX's own lists (these are cut at 200).
"""

import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # older releases of GX report their use; never from here

import great_expectations as gx
import pandas as pd
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine import PandasExecutionEngine, SparkDFExecutionEngine
from great_expectations.execution_engine.pandas_batch_data import PandasBatchData
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration, parse_result_format
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.types import SerializableDictDot
from great_expectations.validator.metric_configuration import MetricConfiguration
from great_expectations.validator.validator import ValidationDependencies, Validator

from audit.engine.load import load
from audit.engine.packing import unpacked
from audit.engine.table import Outcome, judge, judge_columns, tally
from audit.folders import folder
from audit.model.check import Check, Severity
from audit.model.result import Judgement, Verdict

logging.getLogger("great_expectations").setLevel(logging.ERROR)

_METRIC = "table.trial_audit_outcomes"
_REGISTRY = "registry"
_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "warning", Severity.NOTE: "info"}
_RESULT_FORMAT = {"result_format": "COMPLETE"}
_catalogues: dict[str, tuple[Check, ...]] = {}


class RegistrationOutcomes(TableMetricProvider):
    """The metric: what every check of a catalogue says of every row."""

    metric_name = _METRIC
    value_keys = ("catalogue",)

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(cls, execution_engine, metric_domain_kwargs, metric_value_kwargs, metrics, runtime_configuration):  # noqa: N805
        frame, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        table = {name: frame[name].tolist() for name in frame.columns}
        outcomes = judge_columns(_checks(metric_value_kwargs["catalogue"]), table, table.pop(_REGISTRY))
        index = frame.index.tolist()
        return {code: _said(index, outcome) for code, outcome in outcomes.items()}

    @metric_value(engine=SparkDFExecutionEngine)
    def _spark(cls, execution_engine, metric_domain_kwargs, metric_value_kwargs, metrics, runtime_configuration):  # noqa: N805
        table, _, _ = execution_engine.get_compute_domain(metric_domain_kwargs, domain_type=MetricDomainTypes.TABLE)
        checks, names = _checks(metric_value_kwargs["catalogue"]), _names(table)
        schema = ", ".join(f"{name} {kind}" for name, kind in _COUNTED.items())

        def counted(frames: Any) -> Iterator[pd.DataFrame]:
            for frame in frames:
                rows = [unpacked(cells) for cells in frame["cells"]]
                outcomes = judge(checks, names, rows, frame[_REGISTRY].tolist())
                yield pd.DataFrame(tally(frame["record"].tolist(), outcomes), columns=list(_COUNTED), dtype=object)

        said = {check.code: _Said(0, [], _Details([])) for check in checks}
        for row in table.where("cells is not null").mapInPandas(counted, schema).collect():
            one = said[row["check"]]
            one.details.counts[Verdict(row["verdict"])] += row["rows"]
            one.found.extend(row["records"])
        for one in said.values():
            one.found.sort()
            one.rows = sum(one.details.counts.values())
        return said


@dataclass
class _Said:
    """What one check says of a table: of how many rows, in which it found something, and how often it came to each verdict."""

    rows: int
    found: list[Any]
    details: "_Details"
    error: str | None = None


def _said(index: list[Any], outcome: Outcome) -> _Said:
    found = [row for row, said in zip(index, outcome.judgements, strict=True) if said.verdict is Verdict.FINDING]
    return _Said(len(index), found, _Details(outcome.judgements), outcome.error)


_COUNTED = {"check": "string", "verdict": "string", "rows": "bigint", "records": "array<string>"}
"""What the workers of a cluster say of their part of the records (`audit.engine.table.tally`)."""


def _names(table: Any) -> list[str]:
    """Return what the cells of a Spark table are called."""
    if "cells" not in table.columns or "names" not in table.schema["cells"].metadata:
        raise RuntimeError(
            "a table made by audit.spark.frame is needed: it has the cells of the records, and what they are called"
        )
    return list(table.schema["cells"].metadata["names"])


class _Details(SerializableDictDot):
    """The judgements of one check; where a checkpoint writes results down they are counted."""

    def __init__(self, judgements: list[Judgement]) -> None:
        self.judgements = judgements
        self.counts = Counter(dict.fromkeys(Verdict, 0))
        """The verdicts where the judgements themselves are elsewhere, on the workers of a cluster."""

    def to_json_dict(self) -> dict[str, int]:
        """Return how often the check came to each verdict."""
        counts = self.counts + Counter(one.verdict for one in self.judgements)
        return {verdict.value: counts[verdict] for verdict in Verdict}


class ExpectRegistrationCheckToHold(BatchExpectation):
    """The expectation: one check of the catalogue finds nothing in any row."""

    check: str
    catalogue: str

    metric_dependencies = (_METRIC,)
    success_keys = ("catalogue",)
    domain_keys = ("batch_id",)
    args_keys = ("check",)

    def get_validation_dependencies(self, execution_engine=None, runtime_configuration=None):
        """Return the one metric; the inherited way costs a hundred times as much."""
        result_format = parse_result_format((runtime_configuration or {}).get("result_format") or "BASIC")
        dependencies = ValidationDependencies(metric_configurations={}, result_format=result_format)
        domain = {"batch_id": self.batch_id} if self.batch_id else {}
        metric = MetricConfiguration(_METRIC, metric_domain_kwargs=domain, metric_value_kwargs={"catalogue": self.catalogue})
        dependencies.set_metric_configuration(_METRIC, metric)
        return dependencies

    @property
    def configuration(self):
        """The same configuration without the walk through the model that the inherited way makes."""
        kwargs = {"check": self.check, "catalogue": self.catalogue}
        if self.batch_id:
            kwargs["batch_id"] = self.batch_id
        return ExpectationConfiguration(
            type="expect_registration_check_to_hold",
            kwargs=kwargs,
            meta=self.meta,
            notes=self.notes,
            description=self.description,
            severity=self.severity,
            id=self.id,
        )

    def _validate(self, metrics, runtime_configuration=None, execution_engine=None):
        said: _Said = metrics[_METRIC][self.check]
        if said.error is not None:
            raise RuntimeError(said.error)
        return {
            "success": not said.found,
            "result": {
                "element_count": said.rows,
                "unexpected_count": len(said.found),
                "unexpected_index_list": said.found,
                "details": said.details,
            },
        }


def frame(names: Sequence[str], rows: Sequence[Sequence[object]], registries: Sequence[str]) -> pd.DataFrame:
    """Return the table as a frame: a column a field or fact, one for the registry, and the record's number as its index."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    data: dict[str, Any] = {name: pd.array(column, dtype=object) for name, column in zip(names, columns, strict=True)}
    data[_REGISTRY] = pd.array(list(registries), dtype=object)
    return pd.DataFrame(data, index=pd.Index(range(len(rows)), name="record"))


def _checks(catalogue: str) -> tuple[Check, ...]:
    """Return the checks of a suite: of this process, or of one that was written down and is read again."""
    if catalogue not in _catalogues:
        loaded = load(folder("checks"))
        if loaded.sha256 != catalogue:
            raise RuntimeError(
                f"the suite was made of another catalogue ({catalogue[:12]}) than the one installed ({loaded.sha256[:12]}): "
                "make it again with trial-audit suite"
            )
        _catalogues[catalogue] = loaded.checks
    return _catalogues[catalogue]


def portable_suite(checks: Sequence[Check], catalogue: str) -> dict[str, Any]:
    """Return the catalogue as a suite in JSON; *catalogue* is its hash, by which the checks are found again."""
    return _suite(checks, catalogue).to_json_dict()


def suite(checks: Sequence[Check], catalogue: str) -> gx.ExpectationSuite:
    """Return the catalogue as a suite; *catalogue* is its hash, by which the metric finds the checks."""
    catalogue = f"{catalogue}-{len(_catalogues)}"  # two suites may hold different checks of one catalogue
    _catalogues[catalogue] = tuple(checks)
    return _suite(checks, catalogue)


def _suite(checks: Sequence[Check], catalogue: str) -> gx.ExpectationSuite:
    expectations = [
        ExpectRegistrationCheckToHold(
            check=check.code,
            catalogue=catalogue,
            severity=_SEVERITIES[check.severity],
            meta={"check": check.code},
            description=check.title,
            notes=check.rationale,
        )
        for check in checks
    ]
    built = gx.ExpectationSuite(name="trial-audit", expectations=expectations)
    if len(built.expectations) != len(checks):
        raise RuntimeError("Great Expectations dropped a check of the catalogue")
    return built


class GraphRoute:
    """The hot path: one context and one suite, kept for many tables; the metric graph without fingerprints and stores."""

    def __init__(self, checks: Sequence[Check], catalogue: str) -> None:
        self._context = _context()
        self._configurations = suite(checks, catalogue).expectation_configurations

    def outcomes(self, names: Sequence[str], rows: Sequence[Sequence[object]], registries: Sequence[str]) -> dict[str, Outcome]:
        """Return each check's outcome by its code over one table."""
        engine = PandasExecutionEngine()
        engine.load_batch_data("records", PandasBatchData(engine, frame(names, rows, registries)))
        validator = Validator(execution_engine=engine, data_context=self._context)
        runtime = {"result_format": _RESULT_FORMAT, "catch_exceptions": True}
        return _read(validator.graph_validate(configurations=self._configurations, runtime_configuration=runtime))


def batch_outcomes(
    checks: Sequence[Check],
    catalogue: str,
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    registries: Sequence[str],
) -> dict[str, Outcome]:
    """Return the same as `GraphRoute.outcomes` by the public ``Batch.validate``."""
    asset = _context().data_sources.add_pandas("trial-audit").add_dataframe_asset("registrations")
    definition = asset.add_batch_definition_whole_dataframe("all")
    batch = definition.get_batch(batch_parameters={"dataframe": frame(names, rows, registries)})
    return _read(batch.validate(suite(checks, catalogue), result_format=_RESULT_FORMAT).results)


def _context() -> Any:
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _read(results: Any) -> dict[str, Outcome]:
    outcomes = {}
    for result in results:
        code = result.expectation_config.meta["check"]
        failure = result.exception_info
        # GX says success=False also of what could not run; then the exception has one of two shapes.
        if failure and failure.get("raised_exception") is not False:
            outcomes[code] = Outcome(error=str(failure.get("exception_message") or failure))
        else:
            outcomes[code] = Outcome(result.result["details"].judgements)
    return outcomes
