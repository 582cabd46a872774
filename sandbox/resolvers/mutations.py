"""Every mutation that is simulated."""

from sandbox.bulk_lines import Mutate
from sandbox.resolvers import (
    billing,
    mutate_bulk,
    mutate_inventory,
    mutate_media,
    mutate_metafields,
    mutate_options,
    mutate_product,
    mutate_product_set,
    mutate_variants,
    webhook,
)
from sandbox.resolvers.fields import Fields


def mutations(run_line: Mutate) -> Fields:
    """run_line executes one line of a bulk mutation, which may be any of the others."""
    return {
        **mutate_product_set.FIELDS,
        **mutate_product.FIELDS,
        **mutate_variants.FIELDS,
        **mutate_options.FIELDS,
        **mutate_media.FIELDS,
        **mutate_inventory.FIELDS,
        **mutate_metafields.FIELDS,
        **webhook.MUTATIONS,
        **billing.MUTATIONS,
        **mutate_bulk.fields(run_line),
    }
