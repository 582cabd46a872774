"""Custom data of products, variants, locations and the shop itself, and its definitions.

Namespaces are handed in as they are kept: whoever knows the calling app turns ``$app`` into
``app--<id>`` before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Protocol

from sandbox.commands import metafield_values
from sandbox.commands.errors import RefusedError, UserError, refuse_if
from sandbox.commands.specs import MetafieldSpec
from sandbox.store.change import Change
from sandbox.store.location import Location
from sandbox.store.metafield import Metafield, MetafieldDefinition
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop

RESERVED = ("protected", "shopify-l10n-fields", "shopify_standard")
MAX_PER_CALL = 25


class Owner(Protocol):
    """Whatever carries metafields."""

    id: int
    metafields: dict[tuple[str, str], Metafield]


def digest(metafield: Metafield) -> str:
    """The compareDigest of compare-and-set."""
    return sha256(f"{metafield.type}\n{metafield.value}".encode()).hexdigest()


def app_namespace(namespace: str | None, app_id: int) -> str:
    """An app writes ``$app`` (or nothing) for the namespace that Shopify keeps for it alone."""
    if namespace is None:
        return f"app--{app_id}"
    if namespace == "$app" or namespace.startswith("$app:"):
        rest = namespace[len("$app:") :]
        return f"app--{app_id}--{rest}" if rest else f"app--{app_id}"
    return namespace


def find_definition(shop: Shop, owner_type: str, namespace: str, key: str) -> MetafieldDefinition | None:
    return shop.definition_keys.get((owner_type, namespace, key))


def owner_by(shop: Shop, owner_type: str, namespace: str, key: str, value: str) -> int | None:
    """Whose metafield has this value, where a definition keeps values unique."""
    definition = find_definition(shop, owner_type, namespace, key)
    return definition.owners.get(value) if definition is not None and definition.unique_values else None


def faults(
    shop: Shop,
    owner: Owner | None,
    owner_type: str,
    spec: MetafieldSpec,
    claimed: dict[tuple[str, str, str], int],
) -> Iterator[UserError]:
    """With the codes of metafieldsSet; paths start at the metafield.

    claimed collects the unique values that the same call gives away: by namespace, key and value, whose
    (0: of a product that is being made).
    """
    namespace = spec.namespace or ""
    if namespace in RESERVED:
        yield UserError(("namespace",), f"Namespace {namespace} is a reserved namespace")
        return
    if len(namespace) < 3:
        yield UserError(("namespace",), "Namespace is too short (minimum is 3 characters)", "TOO_SHORT")
    elif len(namespace) > 255:
        yield UserError(("namespace",), "Namespace is too long (maximum is 255 characters)", "TOO_LONG")
    if len(spec.key) < 2:
        yield UserError(("key",), "Key is too short (minimum is 2 characters)", "TOO_SHORT")
    elif len(spec.key) > 64:
        yield UserError(("key",), "Key is too long (maximum is 64 characters)", "TOO_LONG")
    definition = find_definition(shop, owner_type, namespace, spec.key)
    present = owner.metafields.get((namespace, spec.key)) if owner is not None else None
    kind = spec.type or (definition.type if definition else present.type if present else None)
    if kind is None:
        yield UserError(("type",), "Type can't be blank", "BLANK")
        return
    if kind not in metafield_values.TYPES or (definition is not None and kind != definition.type):
        wanted = definition.type if definition else "a supported type"
        yield UserError(
            ("type",),
            f"Type '{kind}' must be consistent with the definition's type: '{wanted}'.",
            "INVALID_TYPE",
        )
        return
    message = metafield_values.fault(kind, spec.value, lambda *known: exists(shop, *known), shop.currency)
    if message is None and definition is not None:
        message = metafield_values.rule_fault(definition.validations, kind, spec.value)
    if message is not None:
        yield UserError(("value",), message, "INVALID_VALUE")
        return
    if definition is not None and definition.unique_values:
        number = owner.id if owner is not None else 0
        claim = (namespace, spec.key, spec.value)
        holder = claimed.setdefault(claim, definition.owners.get(spec.value, number))
        if holder != number:
            yield UserError(("value",), "Value has already been taken.", "CAPABILITY_VIOLATION")


def apply(
    shop: Shop,
    change: Change,
    owner: Owner,
    owner_type: str,
    specs: Iterable[MetafieldSpec],
    *,
    replace: bool = False,
) -> list[Metafield]:
    """Specs that passed faults(). replace deletes what is not among them, but for other apps' own
    namespaces.
    """
    result = []
    for spec in specs:
        namespace = spec.namespace or ""
        present = owner.metafields.get((namespace, spec.key))
        definition = find_definition(shop, owner_type, namespace, spec.key)
        kind = spec.type or (definition.type if definition else present.type if present else "")
        if present is None:
            present = Metafield(
                shop.ids.next(),
                owner,
                owner_type,
                namespace,
                spec.key,
                kind,
                spec.value,
                change.now,
                change.now,
            )
            owner.metafields[namespace, spec.key] = present
            shop.metafield_ids[present.id] = present
            _touch(change, owner)
        elif present.value != spec.value or present.type != kind:
            if definition is not None and definition.unique_values:
                definition.owners.pop(present.value, None)
            present.value, present.type, present.updated_at = spec.value, kind, change.now
            _touch(change, owner)
        if definition is not None and definition.unique_values:
            definition.owners[spec.value] = owner.id
        result.append(present)
    if replace:
        kept = {metafield.id for metafield in result}
        for metafield in list(owner.metafields.values()):
            if metafield.id not in kept and not metafield.namespace.startswith("app--"):
                remove(shop, owner, metafield)
                _touch(change, owner)
    return result


def remove(shop: Shop, owner: Owner, metafield: Metafield) -> None:
    del owner.metafields[metafield.namespace, metafield.key]
    del shop.metafield_ids[metafield.id]
    definition = find_definition(shop, metafield.owner_type, metafield.namespace, metafield.key)
    if definition is not None and definition.owners.get(metafield.value) == owner.id:
        del definition.owners[metafield.value]


def delete_metafields(shop: Shop, found: Sequence[tuple[Owner, Metafield]]) -> None:
    with shop.change() as change:
        for owner, metafield in found:
            remove(shop, owner, metafield)
            _touch(change, owner)


def define(
    shop: Shop,
    *,
    owner_type: str,
    namespace: str,
    key: str,
    name: str,
    kind: str,
    description: str | None = None,
    validations: Mapping[str, str] | None = None,
    unique_values: bool = False,
) -> MetafieldDefinition:
    """Make a definition; RefusedError with the codes of metafieldDefinitionCreate. An ``id`` is always
    unique.
    """
    refuse_if(_definition_faults(shop, owner_type, namespace, key, name, kind, unique_values))
    definition = MetafieldDefinition(
        shop.ids.next(),
        owner_type,
        namespace,
        key,
        name,
        kind,
        description,
        tuple((validations or {}).items()),
        unique_values or kind == "id",
    )
    if definition.unique_values:
        for owner in owners(shop, owner_type):
            metafield = owner.metafields.get((namespace, key))
            if metafield is None:
                continue
            if metafield.value in definition.owners:
                message = "The metafields that exist already have values that are not unique."
                raise RefusedError(UserError(("definition", "capabilities"), message, "INVALID_CAPABILITY"))
            definition.owners[metafield.value] = owner.id
    shop.definitions[definition.id] = definition
    shop.definition_keys[owner_type, namespace, key] = definition
    shop.revision += 1
    return definition


def _definition_faults(
    shop: Shop, owner_type: str, namespace: str, key: str, name: str, kind: str, unique_values: bool
) -> Iterator[UserError]:
    at = ("definition",)
    if not name.strip():
        yield UserError((*at, "name"), "Name can't be blank", "BLANK")
    elif len(name) > 255:
        yield UserError((*at, "name"), "Name is too long (maximum is 255 characters)", "TOO_LONG")
    for label, text, least, most in (("namespace", namespace, 3, 255), ("key", key, 2, 64)):
        title = label.capitalize()
        if len(text) < least:
            message = f"{title} is too short (minimum is {least} characters)"
            yield UserError((*at, label), message, "TOO_SHORT")
        elif len(text) > most:
            yield UserError((*at, label), f"{title} is too long (maximum is {most} characters)", "TOO_LONG")
        elif not text.replace("-", "").replace("_", "").isalnum():
            message = f"{title} contains one or more invalid characters."
            yield UserError((*at, label), message, "INVALID_CHARACTER")
    if namespace in RESERVED:
        message = f"Namespace {namespace} is a reserved namespace"
        yield UserError((*at, "namespace"), message, "RESERVED_NAMESPACE_KEY")
    if kind not in metafield_values.TYPES:
        yield UserError((*at, "type"), f"Type name {kind} is not a valid type.", "INCLUSION")
    elif unique_values and kind not in ("id", "single_line_text_field", "number_integer", "url"):
        message = "The unique values capability is not supported for this type."
        yield UserError((*at, "capabilities"), message, "INVALID_CAPABILITY")
    if (owner_type, namespace, key) in shop.definition_keys:
        message = f"Key is in use for {owner_type.capitalize()} metafields on the '{namespace}' namespace."
        yield UserError((*at, "key"), message, "TAKEN")


def owners(shop: Shop, owner_type: str) -> Iterable[Owner]:
    match owner_type:
        case "PRODUCT":
            return shop.products
        case "PRODUCTVARIANT":
            return shop.variants
        case "LOCATION":
            return shop.locations
        case "SHOP":
            return [shop]
        case _:
            return []


def exists(shop: Shop, kind: str, number: int) -> bool:
    match kind:
        case "Product":
            return number in shop.products
        case "ProductVariant":
            return number in shop.variants
        case "MediaImage" | "Video" | "GenericFile" | "Model3d":
            return number in shop.files
        case _:
            return False


def _touch(change: Change, owner: Owner) -> None:
    match owner:
        case Product():
            change.touch_product(owner)
        case Variant():
            change.touch_variant(owner)
        case Location():
            change.touch_location(owner)
