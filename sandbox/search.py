"""Shopify's search syntax: ``status:active AND (tag:"big sale" OR -vendor:Acme) updated_at:>'2026-01-01'``.

Terms next to each other are joined by AND, which binds tighter than OR.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from sandbox.failures import FieldError, NotSimulatedError

Predicate = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Term:
    """field None is a search in all text. operator is one of ``:`` ``:>`` ``:>=`` ``:<`` ``:<=``."""

    field: str | None
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Not:
    term: "Node"


@dataclass(frozen=True, slots=True)
class And:
    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    terms: tuple["Node", ...]


Node = Term | Not | And | Or

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<open>\() | (?P<close>\)) | (?P<minus>-(?=\S))
    | (?P<field>[A-Za-z_][\w.$-]*?)(?P<operator>:>=|:<=|:>|:<|:)\s*
      (?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>(?:[^'\\]|\\.)*)'|(?P<value>(?:[^\s()\\]|\\.)+))
    | "(?P<text2>(?:[^"\\]|\\.)*)" | '(?P<text1>(?:[^'\\]|\\.)*)'
    | (?P<word>(?:[^\s()\\]|\\.)+)
    )""",
    re.VERBOSE,
)


@lru_cache(maxsize=4096)
def parse(text: str) -> Node | None:
    """The tree of a query; None for an empty one. Broken syntax is read as well as can be, as Shopify
    does.
    """
    tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup is not None]
    node, rest = _either(tokens)
    while rest:
        more, rest = _either(rest[1:])
        node = more if node is None else node if more is None else And((node, more))
    return node


def _either(tokens: list[re.Match[str]]) -> tuple[Node | None, list[re.Match[str]]]:
    terms: list[Node] = []
    group: list[Node] = []
    negate = False
    while tokens:
        token, tokens = tokens[0], tokens[1:]
        found: Node | None
        if token["close"]:
            tokens = [token, *tokens]
            break
        if token["open"]:
            found, tokens = _either(tokens)
            tokens = tokens[1:]
        elif token["minus"] or token["word"] == "NOT":
            negate = not negate
            continue
        elif token["word"] == "OR":
            if group:
                terms.append(_all(group))
                group = []
            continue
        elif token["word"] == "AND":
            continue
        else:
            found = _term(token)
        if found is not None:
            group.append(Not(found) if negate else found)
        negate = False
    if group:
        terms.append(_all(group))
    if not terms:
        return None, tokens
    return (terms[0] if len(terms) == 1 else Or(tuple(terms))), tokens


def _all(group: list[Node]) -> Node:
    return group[0] if len(group) == 1 else And(tuple(group))


def _term(token: re.Match[str]) -> Term | None:
    if token["field"]:
        value = next(text for text in (token["double"], token["single"], token["value"]) if text is not None)
        return Term(token["field"].lower(), token["operator"], _unescaped(value))
    text = next((text for text in (token["text2"], token["text1"], token["word"]) if text is not None), "")
    return Term(None, ":", _unescaped(text)) if text else None


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


@dataclass(frozen=True, slots=True)
class Field:
    """How one field of the search is compared: values answers what a row has in it."""

    kind: str
    """``text`` (whole values), ``choice`` (several, by commas), ``words``, ``number``, ``time``, ``flag``."""
    values: Callable[[Any], Iterable[Any]]


def _everything(_row: Any) -> bool:
    return True


def predicate(node: Node | None, fields: Mapping[str, Field], where: str) -> Predicate:
    """What rows must fulfil. A field that is not in fields is not simulated: never silently ignored."""
    if node is None:
        return _everything
    match node:
        case Not(inner):
            refused = predicate(inner, fields, where)
            return lambda row: not refused(row)
        case And(terms):
            parts = [predicate(term, fields, where) for term in terms]
            return lambda row: all(part(row) for part in parts)
        case Or(terms):
            parts = [predicate(term, fields, where) for term in terms]
            return lambda row: any(part(row) for part in parts)
        case Term():
            return _matcher(node, fields, where)


def _matcher(term: Term, fields: Mapping[str, Field], where: str) -> Predicate:
    field = fields.get(term.field or "default")
    if field is None:
        raise NotSimulatedError(f"{where}(query: {term.field}{term.operator})")
    values = field.values
    if term.value == "*":
        return lambda row: any(value not in (None, "") for value in values(row))
    match field.kind:
        case "text" | "choice":
            return _text(term, values, several=field.kind == "choice")
        case "words":
            parts = term.value.lower().rstrip("*").split()
            wanted = [part for part in parts if any(sign.isalnum() for sign in part)]
            return lambda row: _has_words(wanted, values(row))
        case "number":
            return _compared(term, values, number(term.value))
        case "time":
            return _compared(term, values, time(term.value))
        case _:
            flag = term.value.lower() == "true"
            return lambda row: any(value is flag for value in values(row))


def _text(term: Term, values: Callable[[Any], Iterable[Any]], *, several: bool) -> Predicate:
    wanted = term.value.lower()
    if wanted.endswith("*"):
        stem = wanted[:-1]
        return lambda row: any(value is not None and value.lower().startswith(stem) for value in values(row))
    choices = frozenset(wanted.split(",") if several else (wanted,))
    return lambda row: any(value is not None and value.lower() in choices for value in values(row))


def _has_words(wanted: list[str], values: Iterable[Any]) -> bool:
    words = [word for value in values if value for word in re.split(r"[^\w]+", value.lower())]
    texts = [value.lower() for value in values if value]
    return all(
        any(word.startswith(want) for word in words) or any(want in text.split() for text in texts)
        for want in wanted
    )


def _compared(term: Term, values: Callable[[Any], Iterable[Any]], bound: Any) -> Predicate:
    match term.operator:
        case ":>":
            return lambda row: any(value is not None and value > bound for value in values(row))
        case ":>=":
            return lambda row: any(value is not None and value >= bound for value in values(row))
        case ":<":
            return lambda row: any(value is not None and value < bound for value in values(row))
        case ":<=":
            return lambda row: any(value is not None and value <= bound for value in values(row))
        case _:
            return lambda row: any(value is not None and value == bound for value in values(row))


def number(text: str) -> Decimal:
    """A number, or the number in a global id."""
    try:
        return Decimal(text.rpartition("/")[2])
    except InvalidOperation:
        raise FieldError(f"Invalid number in query: '{text}'", "BAD_REQUEST") from None


def time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise FieldError(f"Invalid timestamp in query: '{text}'", "BAD_REQUEST") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What every match certainly fulfils, read off the terms that are joined by AND: for the choice of an
    index.
    """

    above: int | None = None
    """Ids are greater than this."""
    up_to: int | None = None
    """Ids are at most this."""
    since: datetime | None = None
    """Changed at or after."""
    exact: tuple[tuple[str, str], ...] = ()
    """Fields with the one value they must have."""


def bounds(node: Node | None) -> Bounds:
    terms = node.terms if isinstance(node, And) else () if node is None else (node,)
    above: int | None = None
    up_to: int | None = None
    since: datetime | None = None
    exact: list[tuple[str, str]] = []
    for term in terms:
        if not isinstance(term, Term) or term.value == "*":
            continue
        if term.field == "id":
            wanted = int(number(term.value))
            if term.operator in (":>", ":>=", ":"):
                low = wanted if term.operator == ":>" else wanted - 1
                above = low if above is None else max(above, low)
            if term.operator in (":<", ":<=", ":"):
                high = wanted - 1 if term.operator == ":<" else wanted
                up_to = high if up_to is None else min(up_to, high)
        elif term.field == "updated_at" and term.operator in (":>", ":>=", ":"):
            moment = time(term.value)
            since = moment if since is None else max(since, moment)
        elif (
            term.field is not None
            and term.operator == ":"
            and "*" not in term.value
            and "," not in term.value
        ):
            exact.append((term.field, term.value.lower()))
    return Bounds(above, up_to, since, tuple(exact))
