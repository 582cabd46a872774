"""What is wrong with a family of shops that has come to rest, as lines for a person; nothing, one hopes.

The comparison is the oracle's, which shares no code with the engine. What it cannot know is added here: who
edited what in a dependent, and how much stock there has to be in all.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from tests.chaos.effects import Entry, created_twice, set_again, stock_that_came_back
from tests.chaos.family import MATCHED, MIRRORED, SHARED, Family, available, primary
from tests.oracle.compare import differences
from tests.oracle.pairs import Product, Shop, is_created, pairs, variant_twins

# Mutations that the app may run in a main: bookings of what dependents sold, and bulk reads.
MAIN_MAY = {"inventoryAdjustQuantities", "bulkOperationRunQuery", "bulkOperationCancel"}
# Of a matched dependent, what its settings give to the sync.
_SYNCED = {"title", "tags", "updatedAt", "options"}
_SYNCED_OF_VARIANTS = {"sku", "price", "compareAtPrice"}


def judge(family: Family, *, mark: str, strictly: bool) -> list[str]:
    """`mark` is what the sandbox counts calls from. Mirrored stock that the dependent sold itself is left
    alone by itself, but not by a sync that a person has asked for, so `strictly`."""
    shops = {handle: family.sandbox.dump(handle) for handle in family.handles}
    main = shops[family.main]
    return [
        *_mirrored(family, main, shops[family.mirrored], strictly=strictly),
        *_shared(family, main, shops[family.shared]),
        *_matched(family, main, shops[family.matched]),
        *_pool(family, main),
        *(line for handle in family.dependents for line in _doubles(shops[handle])),
        *_untouched(family, shops),
        *_main_calls(family, mark),
    ]


def judge_effects(family: Family, entries: Sequence[Entry]) -> list[str]:
    """What took effect in a round and should not have, whatever it ended like. Where prices follow settings
    that were saved twice, or a job was undone, the same value may well come twice."""
    main, shared = family.at_start[family.main], family.at_start[family.shared]
    twins = {
        other["id"]: variant["id"]
        for product, twin in pairs(main, shared).twins
        if product["id"] not in family.deleted
        for variant, other in variant_twins(product, twin)
        if other is not None and variant["tracked"] and other["tracked"]
    }
    ignored = set()
    if family.undone:
        ignored = {(family.at_start[family.mirrored]["domain"], each.field) for each in entries}
    elif family.saved > 1:
        ignored = {
            (family.at_start[family.mirrored]["domain"], field) for field in ("price", "compareAtPrice")
        }
    by_shop = {
        handle: [each for each in entries if each.shop == family.at_start[handle]["domain"]]
        for handle in family.dependents
    }
    return [
        *set_again(entries, ignored),
        *(
            line
            for handle in family.dependents
            for line in created_twice(by_shop[handle], family.at_start[handle])
        ),
        *stock_that_came_back(entries, main, twins, primary(main), primary(shared)),
    ]


def _mirrored(family: Family, main: Shop, dependent: Shop, *, strictly: bool) -> Iterator[str]:
    settings = MIRRORED | family.sandbox.settings(family.mirrored) | {"quantities": True}
    if not strictly:
        dependent = deepcopy(dependent)
        wanted = {
            other["id"]: other
            for _, twin in pairs(main, dependent).twins
            for other in twin["variants"]
            if other["id"] in family.sold
        }
        for variant in wanted.values():
            variant["tracked"] = False
        settings = settings | {"fields": [each for each in settings["fields"] if each != "TRACKED"]}
    yield from (f"{family.mirrored}: {line}" for line in differences(main, dependent, settings))


def _shared(family: Family, main: Shop, dependent: Shop) -> Iterator[str]:
    settings = SHARED | family.sandbox.settings(family.shared)
    yield from (f"{family.shared}: {line}" for line in differences(main, dependent, settings))


def _matched(family: Family, main: Shop, dependent: Shop) -> Iterator[str]:
    """A title that somebody wrote stands, unless main's changed at the same time and came last."""
    settings = MATCHED | family.sandbox.settings(family.matched)
    dependent = deepcopy(dependent)
    for product, twin in pairs(main, dependent).twins:
        kept = family.kept.get(twin["id"])
        if kept is None:
            continue
        if product["id"] in family.titled:
            kept.raced = True
        if twin["title"] == kept.title:
            twin["title"] = product["title"]
        elif kept.raced and twin["title"] == product["title"]:
            del family.kept[twin["id"]]
        else:
            yield f"{family.matched}: {twin['id']}: {kept.title!r} was to stay, found {twin['title']!r}"
    yield from (f"{family.matched}: {line}" for line in differences(main, dependent, settings))


def _pool(family: Family, main: Shop) -> Iterator[str]:
    """Main's stock is what it was, and every sale and delivery in main and in the sharing dependent once."""
    found = {
        variant["id"]: (variant["sku"], available(main, variant))
        for product in main["products"]
        for variant in product["variants"]
    }
    for variant, quantity in family.pool.items():
        sku, counted = found.get(variant, ("", None))
        if counted != quantity:
            yield f"{family.main}: stock of {variant} ({sku}): wanted {quantity}, found {counted}"


def _doubles(shop: Shop) -> Iterator[str]:
    skus = Counter(variant["sku"] for product in shop["products"] for variant in product["variants"])
    created = Counter(
        each["value"]
        for product in shop["products"]
        for each in product["metafields"]
        if each["namespace"].startswith("app--")
    )
    for sku, times in (skus + created).items():
        if times > 1 and sku:
            yield f"{shop['domain']}: {sku} is there {times} times"


def _untouched(family: Family, shops: dict[str, Shop]) -> Iterator[str]:
    own = {each["title"]: each for each in shops[family.mirrored]["products"]}
    before = {each["title"]: each for each in family.at_start[family.mirrored]["products"]}
    if "Their own" in before and own.get("Their own") != before["Their own"]:
        yield f"{family.mirrored}: a product that is its own was touched"

    after = {each["id"]: each for each in shops[family.matched]["products"]}
    twins = pairs(family.at_start[family.main], family.at_start[family.matched]).twins
    orphans = {twin["id"] for product, twin in twins if product["id"] in family.deleted}
    for product in family.at_start[family.matched]["products"]:
        if product["id"] not in after:
            yield f"{family.matched}: {product['title']} {product['id']} is gone"
            continue
        expected = _unowned(product)
        expected["vendor"] = family.vendors.get(product["id"], product["vendor"])
        found = _unowned(after[product["id"]])
        for key in expected:
            if expected[key] != found.get(key) and not (key == "status" and product["id"] in orphans):
                yield (
                    f"{family.matched}: {product['title']} › {key} was touched: "
                    f"{expected[key]!r} became {found.get(key)!r}"
                )
    for made in after.keys() - {each["id"] for each in family.at_start[family.matched]["products"]}:
        yield f"{family.matched}: {made} was created"


def _unowned(product: Product) -> dict[str, Any]:
    found = {key: value for key, value in product.items() if key not in _SYNCED and key != "variants"}
    for variant in product["variants"]:
        found[variant["id"]] = {
            key: value for key, value in variant.items() if key not in _SYNCED_OF_VARIANTS
        }
    return found


def _main_calls(family: Family, mark: str) -> Iterator[str]:
    made = family.sandbox.counts(mark).get(f"{family.main}.myshopify.com", {}).get("mutations", {})
    for name in made.keys() - MAIN_MAY:
        yield f"{family.main}: the app ran {name} there"


def drafted(family: Family) -> list[str]:
    """Whether what is gone from main for long is a draft in the dependents that it was created in. One that
    is archived is hidden already, and stays so."""
    main = family.sandbox.dump(family.main)
    gone = {f"{main['domain']}/{each.rsplit('/', 1)[1]}" for each in family.gone}
    lines = []
    for handle in (family.mirrored, family.shared):
        for product in family.sandbox.dump(handle)["products"]:
            origin = {each["value"] for each in product["metafields"] if each["type"] == "id"}
            if is_created(product) and origin & gone and product["status"] == "ACTIVE":
                lines.append(f"{handle}: {product['title']} is gone from main and still {product['status']}")
    return lines
