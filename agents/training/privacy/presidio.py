"""Microsoft's Presidio as a detector, to compare with (presidio-analyzer, an optional dependency).

With the spaCy model that Brigade uses too, in two ways: as its configuration has it, which leaves organisations out
("many false positives"), and with all that it can recognise. Nothing is fetched: the endings of internet domains,
which it would download, are those that its library carries.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from brigade.agents.privacy.detectors import MODEL
from brigade.agents.privacy.spans import DetectorFailed, Span

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine

NAMES = ("presidio", "presidio-all")
"""As it is configured, and with organisations."""
_MAPPED = {
    "PER": "PERSON", "PERSON": "PERSON", "NORP": "NRP", "FAC": "LOCATION", "LOC": "LOCATION", "GPE": "LOCATION",
    "LOCATION": "LOCATION", "ORG": "ORGANIZATION", "DATE": "DATE_TIME", "TIME": "DATE_TIME",
}  # fmt: skip
_IGNORED = (
    "CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY", "WORK_OF_ART",
)  # fmt: skip
"""As in its default.yaml, which ignores ORGANIZATION too."""
_KINDS = {
    "PERSON": "PERSON", "LOCATION": "PLACE", "ORGANIZATION": "ORG", "NRP": "GROUP", "EMAIL_ADDRESS": "EMAIL",
    "PHONE_NUMBER": "PHONE", "CREDIT_CARD": "CARD", "IBAN_CODE": "IBAN", "US_SSN": "SSN", "IP_ADDRESS": "IP",
    "URL": "URL",
}  # fmt: skip


class PresidioDetector:
    """Presidio's analyzer.

    Args:
        organisations: whether organisations are reported too.

    Raises:
        DetectorFailed: it is not installed.
    """

    name = "presidio"

    def __init__(self, *, organisations: bool) -> None:
        self._organisations = organisations
        self._engine = _engine()

    def find(self, text: str) -> list[Span]:
        """See Detector.find."""
        found = self._engine.analyze(text, language="en")
        return [
            Span(each.start, each.end, _KINDS.get(each.entity_type, "DETAIL"), self.name)
            for each in found
            if self._organisations or each.entity_type != "ORGANIZATION"
        ]


@cache
def _engine() -> AnalyzerEngine:
    try:
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from tldextract import tldextract
    except ImportError:
        raise DetectorFailed("Presidio is not installed; run: pip install presidio-analyzer") from None
    tldextract.TLD_EXTRACTOR.suffix_list_urls = ()
    nlp = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": MODEL}],
            "ner_model_configuration": {"model_to_presidio_entity_mapping": _MAPPED, "labels_to_ignore": _IGNORED},
        }
    ).create_engine()
    return AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])
