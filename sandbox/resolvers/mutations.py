"""Every mutation that is simulated."""

from sandbox.resolvers import mutate_product_set
from sandbox.resolvers.fields import Fields

MUTATIONS: Fields = {
    **mutate_product_set.FIELDS,
}
