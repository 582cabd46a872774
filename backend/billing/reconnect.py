"""What was linked before two shops parted, when they connect again."""

from datetime import datetime

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.limits import Places, ProductLimit, room_for
from backend.billing.waiting import put_waiting
from backend.jobs.links import drop_links
from backend.models.connection import Connection
from backend.models.link import ProductLink
from backend.models.live import Difference, LocalEdit
from backend.sync.catalog import ProductId


async def admit_again(client: BaseDBAsyncClient, limit: ProductLimit, tie: Connection, now: datetime) -> None:
    """Keep as many links of `tie`, which has ended and is about to begin again, as main's plan has room for,
    lowest ids first; the other products wait as new ones do. Meanwhile main may have given their places away:
    a plan would limit nothing if shops could be let go and taken back. The dependent's links have had no one
    else to make room for."""
    links = await ProductLink.filter(connection_id=tie.id).using_db(client).order_by("main_gid")
    places = Places(tie.id, tie.main_id, tie.dependent_id)
    room = await room_for(client, limit, places, [ProductId(each.main_gid) for each in links])
    if room is None:
        return
    room.dependent = None
    parted = {each: lacking for each in links if (lacking := room.take(ProductId(each.main_gid)))}
    await drop_links(client, [each.id for each in parted])
    products = [each.dependent_gid for each in parted]
    for table in (LocalEdit, Difference):
        await table.filter(connection_id=tie.id, product_gid__in=products).using_db(client).delete()
    waiting = {ProductId(each.main_gid): lacking for each, lacking in parted.items()}
    await put_waiting(client, tie.id, waiting, now)
