"""Direct quotations in languages without a grammar here: only where a verb of saying stands between the quotation and a name."""

from onrecord.statements.drafts import Draft
from onrecord.statements.extracted import Cue, Span
from onrecord.statements.sentences import Sentence
from onrecord.statements.tokens import Token

# Forms as written in news; each reads as its lemma. A form that is also a common noun or adjective is left out.
_TABLE = """
de: sagte sagen, sagt sagen, erklärte erklären, betonte betonen, meinte meinen, kritisierte kritisieren, schrieb
schreiben, warnte warnen, fügte hinzufügen, forderte fordern, teilte mitteilen;
fr: dit dire, déclare déclarer, affirme affirmer, explique expliquer, déclaré déclarer, affirmé affirmer, expliqué
expliquer, ajoute ajouter, ajouté ajouter, souligne souligner, estime estimer, assure assurer;
es: dijo decir, dice decir, afirmó afirmar, explicó explicar, aseguró asegurar, declaró declarar, señaló señalar, añadió
añadir, indicó indicar, advirtió advertir;
it: dice dire, disse dire, detto dire, afferma affermare, spiega spiegare, dichiara dichiarare, dichiarato dichiarare,
spiegato spiegare, aggiunge aggiungere, scrive scrivere;
pt: disse dizer, afirmou afirmar, explicou explicar, declarou declarar, diz dizer, acrescentou acrescentar;
nl: zei zeggen, zegt zeggen, verklaarde verklaren, schreef schrijven, benadrukte benadrukken, aldus aldus;
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    languages: dict[str, dict[str, str]] = {}
    for entry in table.strip().rstrip(";").split(";"):
        language, _, forms = entry.partition(":")
        pairs = [(form.split()[0], form.split()[1]) for form in forms.split(",")]
        languages[language.strip()] = dict(pairs)
    return languages


_SAYING = _read(_TABLE)
LANGUAGES = frozenset(_SAYING)
_MIN_QUOTE_CHARS = 15  # shorter ones are terms and titles
_NAME_GLUE = frozenset("de la von van der den del da di dos du le".split())
_MAX_NAME_UNITS = 6


def direct_quotations(sentence: Sentence, number: int, language: str) -> list[Draft]:
    """“…,” VERB Name and Name VERB: “…”; nothing when either is missing."""
    units = sentence.units
    found: list[Draft] = []
    for at, unit in enumerate(units):
        lemma = _SAYING[language].get(unit.lower) if unit.is_word else None
        if lemma is None:
            continue
        draft = _after_quote(units, at, number, lemma) or _before_quote(units, at, number, lemma)
        if draft is not None and not any(draft.content == other.content for other in found):
            found.append(draft)
    return found


def _after_quote(units: list[Token], at: int, number: int, lemma: str) -> Draft | None:
    k = at - 1
    while k >= 0 and (units[k].text in ",-–—" or units[k].lower in {"a", "ha", "hat", "so", "heeft", "tem"}):
        k -= 1
    if k < 0 or units[k].quote < 0:
        return None
    end = at + 1
    while end < len(units) and end - at <= _MAX_NAME_UNITS and _in_name(units, end, at + 1):
        end += 1
    return _draft(units[k], units[at], units[at + 1 : end], number, lemma)


def _before_quote(units: list[Token], at: int, number: int, lemma: str) -> Draft | None:
    if at + 2 >= len(units) or units[at + 1].text != ":" or units[at + 2].quote < 0:
        return None
    start = at
    while start > 0 and at - start < _MAX_NAME_UNITS and (units[start - 1].capital or units[start - 1].lower in _NAME_GLUE):
        start -= 1
    while start < at and not units[start].capital:
        start += 1
    return _draft(units[at + 2], units[at], units[start:at], number, lemma)


def _in_name(units: list[Token], k: int, first: int) -> bool:
    if units[k].capital:
        return True
    return k > first and units[k].lower in _NAME_GLUE and k + 1 < len(units) and units[k + 1].capital


def _draft(quote: Token, verb: Token, name: list[Token], number: int, lemma: str) -> Draft | None:
    if len(name) < 2 or quote.end - quote.start < _MIN_QUOTE_CHARS:
        return None
    cue = Cue(Span(verb.start, verb.end), lemma, "say", "affirmed")
    return Draft([(quote.start, quote.end)], [True], "quote-name", number, cue=cue, source=(name[0].start, name[-1].end))
