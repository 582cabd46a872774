"""What a metafield's value must look like, by type, and the messages of a real shop where it does not."""

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from sandbox.ids import split_gid

Exists = Callable[[str, int], bool]
"""Whether an object of a kind and number is in the shop."""

_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_INTEGER = re.compile(r"[+-]?\d+\Z", re.ASCII)
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?\Z", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_SCHEMES = ("http", "https", "mailto", "sms", "tel")
_UNITS = {
    "weight": {"kg", "g", "lb", "oz", "KILOGRAMS", "GRAMS", "POUNDS", "OUNCES"},
    "dimension": {"mm", "cm", "m", "in", "ft", "yd"},
    "volume": {
        "ml",
        "cl",
        "l",
        "m3",
        "us_fl_oz",
        "us_pt",
        "us_qt",
        "us_gal",
        "imp_fl_oz",
        "imp_pt",
        "imp_gal",
    },
}
_REFERENCES = {
    "product_reference": {"Product"},
    "variant_reference": {"ProductVariant"},
    "file_reference": {"MediaImage", "Video", "GenericFile", "Model3d"},
    "collection_reference": {"Collection"},
    "page_reference": {"Page"},
    "metaobject_reference": {"Metaobject"},
    "mixed_reference": {"Metaobject"},
    "customer_reference": {"Customer"},
    "company_reference": {"Company"},
    "article_reference": {"Article"},
    "product_taxonomy_value_reference": {"TaxonomyValue"},
}
SCALARS = {
    "boolean",
    "color",
    "date",
    "date_time",
    "dimension",
    "id",
    "json",
    "link",
    "money",
    "multi_line_text_field",
    "number_decimal",
    "number_integer",
    "rating",
    "rich_text_field",
    "single_line_text_field",
    "url",
    "volume",
    "weight",
    *_REFERENCES,
}
_UNLISTED = {"boolean", "id", "json", "money", "multi_line_text_field", "rich_text_field"}
TYPES = SCALARS | {f"list.{name}" for name in SCALARS - _UNLISTED}
_MAX_ELEMENTS = 128
_MAX_INTEGER = 9_999_999_999_999
_MAX_DECIMAL = Decimal(10) ** 18


def fault(kind: str, value: str, exists: Exists, currency: str) -> str | None:
    """The message about a value that does not fit its type (which is one of TYPES); None for one that
    does.
    """
    if not value.strip():
        return "Value can't be blank."
    if not kind.startswith("list."):
        return _scalar_fault(kind, value, exists, currency)
    elements, message = _parsed(value)
    if message:
        return message
    if not isinstance(elements, list):
        return "Value is not the correct format."
    if len(elements) > _MAX_ELEMENTS:
        return "Value has more than 128 elements."
    for element in elements:
        text = element if isinstance(element, str) else json.dumps(element)
        if found := _scalar_fault(kind.removeprefix("list."), text, exists, currency):
            return found
    return None


def _scalar_fault(kind: str, value: str, exists: Exists, currency: str) -> str | None:
    match kind:
        case "single_line_text_field" | "id":
            return "Value must be a single line text string." if "\n" in value or "\r" in value else None
        case "number_integer":
            if not _INTEGER.match(value):
                return "Value must be an integer."
            return f"Value can't exceed {_MAX_INTEGER}." if abs(int(value)) > _MAX_INTEGER else None
        case "number_decimal":
            number = _decimal(value)
            if number is None:
                return "Value must be a decimal."
            return f"Value must be within +/-{_MAX_DECIMAL:f}." if abs(number) > _MAX_DECIMAL else None
        case "boolean":
            return None if value in ("true", "false") else "Value must be true or false."
        case "color":
            return None if _COLOR.match(value) else "Value must be a hex color code."
        case "date":
            return None if _is_date(value) else "Value must be in YYYY-MM-DD format."
        case "date_time":
            shape = "Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00"
            return None if _is_date_time(value) else shape
        case "url":
            return _url_fault(value)
        case "json" | "rich_text_field":
            return _parsed(value)[1]
        case "link":
            link = _parsed(value)[0]
            return None if isinstance(link, dict) and link.get("url") else "Value must be a valid link."
        case "money":
            return _money_fault(value, currency)
        case "weight" | "dimension" | "volume":
            return _measurement_fault(value, _UNITS[kind])
        case "rating":
            rating = _parsed(value)[0]
            good = isinstance(rating, dict) and {"value", "scale_min", "scale_max"} <= rating.keys()
            return None if good else "Value is not the correct format."
        case "multi_line_text_field":
            return None
        case _:
            return _reference_fault(value, _REFERENCES[kind], exists)


def _parsed(value: str) -> tuple[object, str | None]:
    try:
        return json.loads(value), None
    except ValueError as error:
        return None, f"Value is invalid JSON: {str(error)[:200]}."


def _decimal(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_date_time(value: str) -> bool:
    if not _DATE_TIME.match(value):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _url_fault(value: str) -> str | None:
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        return "Value is not the correct format."
    if not scheme:
        listed = json.dumps(_SCHEMES)
        return (
            "Value cannot have an empty scheme (protocol), must include one of the following URL schemes: "
            f"{listed}.'"
        )
    if scheme not in _SCHEMES:
        return f"Value must be one of the following URL schemes: {', '.join(_SCHEMES)}."
    return None


def _money_fault(value: str, currency: str) -> str | None:
    money = _parsed(value)[0]
    if not isinstance(money, dict):
        return (
            "Value must be a stringified JSON object with amount (numeric) and currency_code "
            "(string matching the shop's currency) fields."
        )
    if _decimal(str(money.get("amount"))) is None:
        return "Value must have a numeric amount."
    code = money.get("currency_code")
    if not code:
        return "Value must have a currency code."
    if not isinstance(code, str) or not _CURRENCY.match(code) or code == "ZZZ":
        return f"Value contains an invalid currency, {code}."
    if code != currency:
        return (
            "Value must be a stringified JSON object with amount (numeric) and currency_code "
            "(string matching the shop's currency) fields."
        )
    return None


def _measurement_fault(value: str, units: set[str]) -> str | None:
    measurement = _parsed(value)[0]
    if not isinstance(measurement, dict) or "value" not in measurement:
        return "Value is not the correct format."
    number = _decimal(str(measurement["value"]))
    if number is None or number < 0:
        return "Value must be a non-negative number."
    return None if measurement.get("unit") in units else "Value must be a supported unit."


def _reference_fault(value: str, kinds: set[str], exists: Exists) -> str | None:
    parsed = split_gid(value)
    if parsed is None or parsed[0] not in kinds or not exists(*parsed):
        return f"Value references non-existent resource {value}."
    return None


def rule_fault(validations: tuple[tuple[str, str], ...], kind: str, value: str) -> str | None:
    """What a definition's validations have against a value of a fitting type."""
    for name, rule in validations:
        match name, kind:
            case "choices", _ if value not in json.loads(rule):
                return f"Value does not exist in provided choices: {rule}."
            case "regex", _ if not re.search(rule, value):
                return "Value is not the correct format."
            case "max", "number_integer" | "number_decimal" if Decimal(value) > Decimal(rule):
                return f"Value has a maximum of {rule}."
            case "min", "number_integer" | "number_decimal" if Decimal(value) < Decimal(rule):
                return f"Value has a minimum of {rule}."
            case "max", "date" | "date_time" if value > rule:
                return f"Value has a maximum of {rule}."
            case "min", "date" | "date_time" if value < rule:
                return f"Value has a minimum of {rule}."
            case "max", ("single_line_text_field" | "multi_line_text_field") if len(value) > int(rule):
                return f"Value has a maximum length of {rule}."
            case "min", ("single_line_text_field" | "multi_line_text_field") if len(value) < int(rule):
                return f"Value has a minimum length of {rule}."
    return None
