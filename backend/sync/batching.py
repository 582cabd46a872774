"""Groups the changes of one lane into writes, pure: same changes, same writes."""

from collections.abc import Iterable, Iterator

from backend.sync.changeset import Change
from backend.sync.link import ProductLink
from backend.sync.writes import ChangeId, Write


def batch(changes: Iterable[tuple[ChangeId, Change]]) -> Iterator[Write]:
    """Writes for the changes of ONE lane, in the order of the changeset (a product's changes stand together).

    Streams: it holds the changes of one product, one stock batch and one metafield batch at a time.
    """
    raise NotImplementedError


def resolve(write: Write, link: ProductLink | None) -> Write | None:
    """`write` with main's ids replaced by the dependent's, as the link stands now; None when nothing of it
    is left.

    Only AttachVariantMedia, ReorderVariants and ReorderMedia change; entries whose target does not exist
    (its creation failed) are left out, see `unresolved`.
    """
    raise NotImplementedError
