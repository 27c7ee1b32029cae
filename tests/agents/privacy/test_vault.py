"""Placeholders: the same for the same value, never another's; what is stored of them cannot be read without the key."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from brigade.agents.privacy import PrivateSet
from brigade.agents.privacy.keys import KeyUnusable, Sealer, load_sealer
from brigade.agents.privacy.patterns import PatternDetector
from brigade.agents.privacy.receipts import AuditFailed, Ledger, Receipt, open_ledger
from brigade.agents.privacy.redact import Redactor
from brigade.agents.privacy.restore import restore
from brigade.agents.privacy.spans import DetectorFailed, Span
from brigade.agents.privacy.vault import Vault
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from people import DISGUISES, FACTS, private_set


def redactor(private: PrivateSet | None = None) -> Redactor:
    return Redactor(private or private_set(), [PatternDetector()])


def test_the_same_value_has_the_same_placeholder_for_the_whole_conversation() -> None:
    vault, worker = Vault(), redactor()
    first, _ = worker.redact(["I am Marta Kowalczyk, marta.k@northwind.example."], vault)
    assert first == ["I am <PERSON_1>, <EMAIL_1>."]
    later, _ = worker.redact(["Write to bob@example.com that Marta Kowalczyk, with Zofia, is ill."], vault)
    assert later == ["Write to <EMAIL_2> that <PERSON_1>, with <PERSON_2>, is ill."]
    assert (
        restore(later[0], vault.placeholders()) == "Write to bob@example.com that Marta Kowalczyk, with Zofia, is ill."
    )


def test_a_name_found_in_one_string_is_replaced_in_all() -> None:
    class Names:
        name = "names"

        def find(self, text: str) -> list[Span]:
            at = text.find("Mr Rufus Quaile")
            return [Span(at + 3, at + 15, "PERSON", "entities")] if at >= 0 else []

    texts = ["quaile: hello", "I am Mr Rufus Quaile", "QUAILE and Rufus"]
    result, counts = Redactor(PrivateSet(), [Names()]).redact(texts, Vault())
    assert not any("quaile" in text.lower() or "rufus" in text.lower() for text in result)
    assert counts["PERSON"] == 4


def test_what_looks_like_a_placeholder_is_the_users_own_text() -> None:
    vault = Vault()
    assert vault.placeholder("Piotr", "PERSON") == "<PERSON_1>"
    (text,), counts = redactor(PrivateSet()).redact(["Say <PERSON_1> and PERSON_2, person 3."], vault)
    assert text == "Say <LITERAL_1> and <LITERAL_2>, person 3."
    assert not counts
    assert restore(text, vault.placeholders()) == "Say <PERSON_1> and PERSON_2, person 3."


@given(st.lists(st.sampled_from([*FACTS.values(), "hello ", "bob@x.org", "<", "PERSON_1", " ", "é", "\u200b", "."])))
@settings(max_examples=150, deadline=None)
def test_what_is_redacted_is_clean_and_comes_back_as_it_was(parts: list[str]) -> None:
    vault, text = Vault(), "".join(parts)
    (redacted,), _ = redactor().redact([text], vault)
    assert private_set().find(redacted) == []
    assert PatternDetector().find(redacted) == []
    assert restore(redacted, vault.placeholders()) == text


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_remnant_of_a_fact_is_left_in_any_disguise(disguise: str) -> None:
    for value in FACTS.values():
        vault = Vault()
        text = f"Note {DISGUISES[disguise](value)} please"
        (redacted,), counts = redactor().redact([text], vault)
        assert private_set().find(redacted) == [], (text, redacted)
        assert sum(counts.values()) > 0
        assert restore(redacted, vault.placeholders()) == text


def test_a_vault_survives_being_stored() -> None:
    vault = Vault()
    for value, kind in (("Marta", "PERSON"), ("12.3.", "DATE_OF_BIRTH"), ("<PERSON_1>", "LITERAL")):
        vault.placeholder(value, kind)
    again = Vault.from_json(vault.to_json())
    assert again.placeholders() == vault.placeholders()
    assert again.placeholder("Marta", "PERSON") == "<PERSON_1>"
    assert again.placeholder("Piotr", "PERSON") == "<PERSON_2>"


@pytest.mark.parametrize("text", ["[]", '{"PERSON": "x"}', '{"<PERSON_1>": 3}', "x"])
def test_what_is_no_vault_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"vault|Expecting"):
        Vault.from_json(text)


def test_a_detector_that_crashes_stops_the_redaction() -> None:
    class Broken:
        name = "broken"

        def find(self, text: str) -> list[Span]:
            raise DetectorFailed("gone")

    with pytest.raises(DetectorFailed):
        Redactor(PrivateSet(), [Broken()]).redact(["hello"], Vault())


def test_detectors_that_look_at_the_same_time_find_all_and_still_fail_closed() -> None:
    class Finds:
        def __init__(self, word: str, *, broken: bool = False) -> None:
            self.name, self._word, self._broken = word, word, broken

        def find(self, text: str) -> list[Span]:
            if self._broken:
                raise DetectorFailed("gone")
            at = text.find(self._word)
            return [Span(at, at + len(self._word), "DETAIL", self.name)] if at >= 0 else []

    text = f"aaaa bbbb cccc dddd {'and so on ' * 60}"
    (redacted,), counts = Redactor(PrivateSet(), [Finds("aaaa"), Finds("bbbb"), Finds("cccc")]).redact([text], Vault())
    assert redacted.startswith("<DETAIL_1> <DETAIL_2> <DETAIL_3> dddd")
    assert counts["DETAIL"] == 3
    for at in range(3):
        some = [Finds("aaaa", broken=at == 0), Finds("bbbb", broken=at == 1), Finds("cccc", broken=at == 2)]
        with pytest.raises(DetectorFailed):
            Redactor(PrivateSet(), some).redact([text], Vault())


@pytest.fixture
def sealer() -> Sealer:
    return Sealer([Fernet.generate_key().decode()])


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_nothing_private_is_stored_in_clear(tmp_path: Path, sealer: Sealer) -> None:
    ledger = open_ledger(tmp_path, sealer)
    vault = Vault()
    vault.placeholder("Marta Kowalczyk", "PERSON")
    ledger.keep_vault(sealer.name("user", "chat"), vault)
    receipt = Receipt(sealer.name("Marta"), sealer.name("user", "chat"), route="redact", withheld={"PERSON": 1})
    receipt.sent, receipt.received = ["I am <PERSON_1>"], "Hello Marta Kowalczyk"
    ledger.write(receipt)
    ledger.write(receipt)
    stored = everything_on_disk(tmp_path)
    assert b"receipts" in stored
    for word in (b"Marta", b"Kowalczyk", b"PERSON_1", b"chat"):
        assert word not in stored
    assert ledger.vault(sealer.name("user", "chat")).placeholders() == {"<PERSON_1>": "Marta Kowalczyk"}
    assert ledger.find(receipt.id) == receipt
    assert ledger.vault(sealer.name("another", "chat")).placeholders() == {}


def test_receipts_come_newest_first_and_of_one_caller(tmp_path: Path, sealer: Sealer) -> None:
    ledger = open_ledger(tmp_path, sealer)
    for at, caller in enumerate(["a", "b", "a"]):
        ledger.write(Receipt(caller, "c", opened=float(at), reason=str(at)))
    assert [each.reason for each in ledger.latest()] == ["2", "1", "0"]
    assert [each.reason for each in ledger.latest(caller="a")] == ["2", "0"]
    assert [each.reason for each in ledger.latest(1)] == ["2"]
    assert ledger.find("nothing") is None


def test_another_key_opens_nothing(tmp_path: Path, sealer: Sealer) -> None:
    open_ledger(tmp_path, sealer).keep_vault("c", Vault())
    other = open_ledger(tmp_path, Sealer([Fernet.generate_key().decode()]))
    with pytest.raises(KeyUnusable, match="another key"):
        other.vault("c")


def test_an_old_key_still_opens_after_a_new_one_came(tmp_path: Path) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    open_ledger(tmp_path, Sealer([old])).keep_vault("c", Vault())
    turned = Sealer([new, old])
    assert open_ledger(tmp_path, turned).vault("c").placeholders() == {}
    assert turned.name("x") == Sealer([old]).name("x")


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BRIGADE_VAULT_KEY", raising=False)
    token = load_sealer(tmp_path / "new").seal("x")
    assert load_sealer(tmp_path / "new").open(token) == "x"
    assert stat.S_IMODE(os.stat(tmp_path / "new" / "vault.key").st_mode) == 0o600
    monkeypatch.setenv("BRIGADE_VAULT_KEY", Fernet.generate_key().decode())
    with pytest.raises(KeyUnusable):
        load_sealer(tmp_path / "new").open(token)
    monkeypatch.setenv("BRIGADE_VAULT_KEY", "short")
    with pytest.raises(KeyUnusable, match="32 bytes"):
        load_sealer(tmp_path / "new")


def test_a_database_that_cannot_be_opened_is_told_without_what_was_to_be_written(
    sealer: Sealer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AuditFailed, match="cannot be made"):
        open_ledger(tmp_path / "file" / "x", sealer)
    with pytest.raises(AuditFailed, match="cannot be opened"):
        Ledger(f"sqlite:///{tmp_path}/no/such/folder/x.db", sealer)
    ledger = open_ledger(tmp_path / "ok", sealer)
    with closing(sqlite3.connect(tmp_path / "ok" / "receipts.db")) as database:
        database.execute("CREATE TRIGGER full BEFORE INSERT ON receipts BEGIN SELECT RAISE(ABORT, 'full'); END")
    with pytest.raises(AuditFailed, match="cannot be written") as caught:
        ledger.write(Receipt("Kowalczyk", "b"))
    assert "Kowalczyk" not in str(caught.value)
