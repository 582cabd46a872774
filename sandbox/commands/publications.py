"""Publishing products to sales channels and taking them back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandbox.commands.errors import UserError, refuse_if
from sandbox.ids import gid
from sandbox.store.product import Product
from sandbox.store.shop import Shop


@dataclass(frozen=True, slots=True)
class Order:
    """A channel, and from when; None for at once."""

    publication_id: int | None
    date: datetime | None = None


def publish(shop: Shop, product: Product, orders: Sequence[Order]) -> None:
    """RefusedError like publishablePublish. What is published already keeps its date unless another is
    given.
    """
    refuse_if(_faults(shop, orders))
    with shop.change() as change:
        for order in orders:
            number = order.publication_id or 0
            present = product.publications.get(number)
            if present is None or (order.date is not None and order.date != present):
                product.publications[number] = order.date or change.now
                change.touch_product(product)
                topic = "product_publications/create" if present is None else "product_publications/update"
                change.event(topic, gid("Product", product.id))


def unpublish(shop: Shop, product: Product, orders: Sequence[Order]) -> None:
    refuse_if(_faults(shop, orders))
    with shop.change() as change:
        for order in orders:
            if product.publications.pop(order.publication_id or 0, None) is not None:
                change.touch_product(product)
                change.event("product_publications/delete", gid("Product", product.id))


def _faults(shop: Shop, orders: Sequence[Order]) -> Iterator[UserError]:
    seen: set[int] = set()
    for index, order in enumerate(orders):
        at = ("input", str(index), "publicationId")
        if order.publication_id is None:
            yield UserError(at, "PublicationId cannot be empty")
        elif shop.publications.get(order.publication_id) is None:
            yield UserError(at, "Publication does not exist or is not publishable")
        elif order.publication_id in seen:
            yield UserError(at, "The same publication was specified more than once")
        else:
            seen.add(order.publication_id)
        if order.date is not None and order.date.year <= 1969:
            message = "Publish date must be a date after the year 1969"
            yield UserError(("input", str(index), "publishDate"), message)
