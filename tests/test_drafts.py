"""Drafts: the form, its schema, and the reader that knows line and column of every value."""

import json
import textwrap
from datetime import date

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from conftest import AS_OF, ROOT

from audit.cli import cli
from audit.engine.plain_yaml import load_yaml
from audit.model.registration import LATER, Registration
from audit.model.result import Verdict
from audit.model.span import State
from audit.readers import read_bytes, read_path
from audit.readers.coding import codes
from audit.readers.draft import _FIELDS, DraftError, registration
from audit.readers.draft_form import SCHEMA_FILE, blank, filled, groups, schema

DRAFT = textwrap.dedent("""\
    # ours
    trial-audit-draft: 1
    registry: IRCT
    public_title: Zinc sulfate in warts
    scientific_title: |
      Effect of zinc sulfate
      on warts
    acronym:
    actual_recruitment_end:
    target_sample_size: 60
    expected_recruitment_start: 2026-03-01
    expected_recruitment_end: "2026-02-01"
    arms:
      - description: Zinc sulfate
        category: drug
      - Placebo tablets
    primary_outcomes:
      - {description: Pain, timepoint: 6 weeks}
    """)


def read(text, shown="draft.yaml"):
    return list(read_bytes(text.encode() if isinstance(text, str) else text, shown))


def places(record):
    return {value.field: (value.text, value.line, value.column, value.path) for value in record.values}


def test_every_value_knows_its_line_column_and_pointer():
    [record] = read(DRAFT)

    assert places(record) == {
        "public_title": ("Zinc sulfate in warts", 4, 15, "/public_title"),
        "scientific_title": ("Effect of zinc sulfate\non warts", 6, 3, "/scientific_title"),
        "acronym": ("", 8, 9, "/acronym"),
        "target_sample_size": ("60", 10, 21, "/target_sample_size"),
        "expected_recruitment_start": ("2026-03-01", 11, 29, "/expected_recruitment_start"),
        "expected_recruitment_end": ("2026-02-01", 12, 27, "/expected_recruitment_end"),
        "arms[0].description": ("Zinc sulfate", 14, 18, "/arms/0/description"),
        "arms[0].category": ("drug", 15, 15, "/arms/0/category"),
        "arms[1].description": ("Placebo tablets", 16, 5, "/arms/1"),
        "primary_outcomes[0].description": ("Pain", 18, 19, "/primary_outcomes/0/description"),
        "primary_outcomes[0].timepoint": ("6 weeks", 18, 36, "/primary_outcomes/0/timepoint"),
    }
    assert record.source.kind == "structured"
    assert record.expected_recruitment_start.gregorian.value.line == 11


def test_the_same_draft_in_json_is_read_alike():
    data = load_yaml(DRAFT)
    data["public_title"] = "Zinc \U0001f600 / in warts"
    [record] = read(json.dumps(data, indent=2).replace("/", "\\/"))

    assert record.source.reader == "draft"
    assert record.public_title.text == "Zinc \U0001f600 / in warts"
    assert (record.public_title.line, record.public_title.column) == (4, 19)
    assert record.target_sample_size.number == 60
    assert record.acronym.state is State.EMPTY


def test_a_finding_lands_on_the_line(tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(DRAFT, encoding="utf-8")
    said = CliRunner().invoke(cli, ["check", str(file), "--checks", "DT03", "--format", "json", "--as-of", "2026-06-11"])
    [finding] = json.loads(said.output)["records"][0]["findings"]

    assert said.exit_code == 1
    assert [(one["quote"], one["line"], one["column"], one["path"]) for one in finding["evidence"]] == [
        ("2026-02-01", 12, 27, "/expected_recruitment_end"),
        ("2026-03-01", 11, 29, "/expected_recruitment_start"),
    ]


def test_all_mistakes_are_told_at_once_with_their_lines_and_the_nearest_key():
    text = "trial-audit-draft: 1\npublik_title: Zinc\narms:\n  - descripton: Zinc\nphase: [1, 2]\nprimary_outcomes: {description: Pain}\nsharing: {idp: yes}\n"

    assert [(one.line, str(one)) for one in read(text)] == [
        (2, "no such field: publik_title; did you mean public_title?"),
        (4, "arms[0] has no field descripton; did you mean description?"),
        (5, "phase is to be one text"),
        (6, "primary_outcomes is to be a list: its items begin with a dash"),
        (7, "sharing has no field idp; did you mean ipd?"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("trial-audit-draft: 1\na: &x [1]\nb: *x\n", 2, "anchors and aliases"),
        ("trial-audit-draft: 1\nacronym: !!python/object/apply:os.system [true]\n", 2, "tags are not understood"),
        ("trial-audit-draft: 1\nacronym: " + "[" * 40 + "]" * 40, 2, "levels deep"),
        ("trial-audit-draft: 1\nacronym: " + "[" * 100_000, 2, "this is no YAML"),
        ("trial-audit-draft: 1\ncountries: [" + "a," * 30000 + "]\n", 2, "at most 20000 values"),
        ("trial-audit-draft: 1\nacronym: A\nacronym: B\n", 3, "a second time"),
        ("trial-audit-draft: 1\nacronym: 'A\n", 3, "this is no YAML"),
        ("trial-audit-draft: 7\n", 1, "version 7"),
        ("trial-audit-draft: 1\n---\nacronym: A\n", 2, "one YAML document"),
        ("trial-audit-draft: 1\n? [a]\n: b\n", 2, "a key is to be a word"),
        ("# $schema=trial-audit-draft-1.schema.json\n- a\n", 2, "a mapping of fields"),
        ("trial-audit-draft: 1\nacronym: " + "A" * 2_100_000, None, "at most 2 MB"),
        ("trial-audit-draft: 1\nearlier: [A]\n", 2, "earlier is to be a mapping"),
        ("trial-audit-draft: 1\nothers: {trial_id: A}\n", 2, "others is to be a list of mappings"),
        ("trial-audit-draft: 1\nothers:\n  - publik_title: A\n", 3, "did you mean public_title?"),
    ],
)
def test_what_is_no_plain_draft_is_refused(text, line, said):
    [error] = read(text)

    assert not isinstance(error, Registration)
    assert said in str(error)
    assert error.line == line


def test_what_comes_later_does_not_apply_to_a_draft(engine):
    [record] = read(DRAFT)
    [audit] = engine.examine([record], AS_OF)
    later = {code for code, said in audit.judgements.items() if said.reason and said.reason.about in LATER}

    assert record.actual_recruitment_end.state is State.UNKNOWN
    assert later == set()
    assert audit.judgements["DT04"].verdict is Verdict.NOT_APPLICABLE
    assert audit.judgements["DT03"].verdict is Verdict.FINDING


def test_a_submitted_record_in_draft_form_is_audited_as_any_other(engine):
    text = "trial-audit-draft: 1\nrecruitment_status: complete\nactual_recruitment_start: empty\nactual_recruitment_end: empty\n"
    [record] = read(text)
    [audit] = engine.examine([record], AS_OF)

    assert audit.judgements["ST02"].verdict is Verdict.FINDING


def test_the_schema_is_one_and_has_every_field_with_a_hover_text():
    made = schema()
    jsonschema.Draft202012Validator.check_schema(made)
    properties = made["properties"]

    assert {name for named in groups().values() for name in named} == _FIELDS - {
        "number",
        "complete",
        "unlabelled",
        "earlier",
        "others",
    }
    assert [name for name, one in properties.items() if name != "$schema" and not one.get("description")] == []
    assert set(codes("blinding")) <= set(properties["blinding"]["enum"])
    assert made["additionalProperties"] is False


@pytest.mark.parametrize("text", [blank(), DRAFT], ids=["blank", "ours"])
def test_drafts_hold_to_the_schema(text):
    validator = jsonschema.Draft202012Validator(schema())

    assert [error.message for error in validator.iter_errors(load_yaml(text))] == []


def test_the_schema_refuses_what_the_reader_refuses():
    validator = jsonschema.Draft202012Validator(schema())
    wrong = [{"publik_title": "Zinc"}, {"arms": [{"descripton": "Zinc"}]}, {"arms": "Zinc"}, {"blinding": "perhaps"}]

    assert [data for data in wrong if validator.is_valid(data)] == []


def test_a_blank_draft_names_every_field_and_its_schema():
    text = blank()
    [record] = read(text)

    assert isinstance(record, Registration)
    assert text.startswith(f"# yaml-language-server: $schema={SCHEMA_FILE}\n")
    assert [
        name for named in groups().values() for name in named if f"\n{name}:" not in text and f"\n# {name}:" not in text
    ] == []
    assert {name for name in LATER if f"\n{name}:" in text} == set()


def understood(record):
    """What the fields of a record mean, by name."""
    found = {}
    for name in (one for named in groups().values() for one in named):
        value = getattr(record, name)
        for part in ("code", "number", "years", "date"):
            if getattr(value, part, None) is not None:
                found[name, part] = getattr(value, part)
        if hasattr(value, "items"):
            found[name] = len(value)
        elif getattr(value, "given", False) and not isinstance(found.get((name, "code")), str):
            found[name, "given"] = True
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "sample_records" / "irct").glob("*.txt")), ids=lambda path: path.stem)
def test_a_record_as_a_draft_means_the_same(path):
    [record] = read_path(path, path.name)
    text = filled(record)
    [again] = read(text)

    assert understood(record) == understood(again)
    assert again.source.reader == "draft"


def test_init_writes_draft_and_schema_and_writes_over_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = CliRunner().invoke(cli, ["init", "--yes"])
    again = CliRunner().invoke(cli, ["init", "--yes"])

    assert (first.exit_code, again.exit_code) == (0, 2)
    assert "there already" in again.output
    assert json.loads((tmp_path / SCHEMA_FILE).read_text(encoding="utf-8")) == schema()
    assert isinstance(next(read_path(tmp_path / "draft.yaml", "draft.yaml")), Registration)


def test_init_from_a_record_and_from_one_of_many(tmp_path):
    sample = ROOT / "sample_records"
    one = CliRunner().invoke(cli, ["init", "-", "--from", str(sample / "irct" / "clean.txt")])
    many = CliRunner().invoke(cli, ["init", "-", "--from", str(sample / "ictrp" / "export.csv")])
    chosen = CliRunner().invoke(
        cli, ["init", "-", "--from", str(sample / "ictrp" / "export.csv"), "--record", "ChiCTR2099000001"]
    )

    assert (one.exit_code, many.exit_code, chosen.exit_code) == (0, 2, 0)
    assert "--record ID" in many.output
    assert load_yaml(chosen.stdout)["trial_id"] == "ChiCTR2099000001"


def test_init_asks_on_a_terminal(monkeypatch):
    import audit.cli.draft as command

    monkeypatch.setattr(command.sys.stdin.__class__, "isatty", lambda self: True, raising=False)
    monkeypatch.setattr(command, "_answers", lambda: {"public_title": "Zinc: in warts"})
    monkeypatch.setattr(command.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    from click import Context

    with Context(command.init):
        said = []
        monkeypatch.setattr(command, "print_data", said.append)
        command.init.callback(command.Path("-"), None, None, False, False)

    assert load_yaml(said[0])["public_title"] == "Zinc: in warts"


def test_a_folder_is_searched_for_drafts_and_other_yaml_is_left_alone(tmp_path):
    (tmp_path / "draft.yml").write_text(DRAFT, encoding="utf-8")
    (tmp_path / "compose.yaml").write_text("services: {}\n", encoding="utf-8")
    said = CliRunner().invoke(cli, ["check", str(tmp_path), "--checks", "DT03", "--format", "json"])

    assert [one["source"]["path"].rpartition("/")[2] for one in json.loads(said.stdout)["records"]] == ["draft.yml"]
    assert "compose" not in said.stderr


def test_an_earlier_version_is_read_with_its_places():
    [record] = read(DRAFT + "earlier:\n  target_sample_size: 40\n  publik_title: x\n")[:1]
    [good] = read(DRAFT + "earlier:\n  target_sample_size: 40\n")

    assert (record.line, "public_title" in str(record)) == (21, True)
    assert good.earlier.target_sample_size.number == 40
    assert (good.earlier.target_sample_size.line, good.earlier.target_sample_size.path) == (20, "/earlier/target_sample_size")


def test_mappings_and_files_are_read_in_one_way():
    with pytest.raises(DraftError) as error:
        registration({"arms": [{"descripton": "Zinc"}], "publik_title": "x"})

    assert len(error.value.mistakes) == 2
    assert isinstance(error.value, ValueError)


def test_the_data_of_the_form_are_plain_yaml():
    assert yaml.safe_load(blank())["registry"] == "IRCT"
    assert date.fromisoformat("2026-06-11") == AS_OF
