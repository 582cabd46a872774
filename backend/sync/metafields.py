"""Compares the metafields that flow, of a product and of its variants."""

from backend.sync.catalog import Metafield, Variant
from backend.sync.changeset import Action
from backend.sync.comparison import Comparison
from backend.sync.fields import Field
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import Ref, agreed_hashes
from backend.sync.pairing import Pairs
from backend.sync.references import allows
from backend.sync.values import metafield, metafield_key

NOTHING = value_hash(None)


def compare_metafields(comparison: Comparison, pairs: Pairs, refused: set[Ref]) -> None:
    """`refused` names main's metafields that have no value in the dependent's terms: those stay as they are.

    A metafield that main does not have is removed only when it was agreed on before: then main removed it.
    Others are the dependent's own.
    """
    agreed: dict[str, list[str]] = {}
    for ref in comparison.base:
        if ref.field == Field.METAFIELD:
            agreed.setdefault(ref.subject, []).append(ref.key)
    _compare(comparison, agreed, refused, None, None)
    for mine, theirs in pairs.linked:
        if mine.metafields or theirs.id in agreed:
            _compare(comparison, agreed, refused, mine, theirs)


def _compare(
    comparison: Comparison,
    agreed: dict[str, list[str]],
    refused: set[Ref],
    mine: Variant | None,
    theirs: Variant | None,
) -> None:
    wanted = _by_key((mine or comparison.wanted).metafields)
    actual = _by_key((theirs or comparison.dependent).metafields)
    owner = (mine or comparison.wanted).id
    subject = (theirs or comparison.dependent).id
    free = not comparison.holds
    for key, value in wanted.items():
        there = actual.get(key)
        if free and value == there:
            comparison.equal(subject, Field.METAFIELD, value_hash(value), key)
        else:
            comparison.value(Field.METAFIELD, value, there, mine, theirs, key=key)
    namespaces = comparison.rules.settings.metafield_namespaces
    for key in agreed.get(subject, ()):
        ref = Ref(subject, Field.METAFIELD, key)
        if not allows(key.rpartition(".")[0], namespaces):
            comparison.forgotten.append(ref)
        elif key not in wanted and Ref(owner, Field.METAFIELD, key) not in refused:
            _removed(comparison, ref, actual.get(key), mine, theirs)


def _removed(
    comparison: Comparison, ref: Ref, actual: Json, mine: Variant | None, theirs: Variant | None
) -> None:
    """What main had when it was agreed on, and has no more."""
    if actual is None:
        comparison.forgotten.append(ref)
        return
    if comparison.holds_back(ref, NOTHING, differs=True):
        return
    _, dependent_then = agreed_hashes(comparison.base[ref])
    if dependent_then != value_hash(actual) and comparison.keeps_edit(ref, None, actual, theirs):
        return
    comparison.add(Action.SET, Field.METAFIELD, actual, None, mine, theirs, key=ref.key, main_hash=NOTHING)


def _by_key(values: tuple[Metafield, ...]) -> dict[str, dict[str, Json]]:
    return {metafield_key(item): metafield(item) for item in values}
