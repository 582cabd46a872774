"""What to remember once a change is applied: the agreement on its value, and the link of what was created."""

from dataclasses import dataclass, field
from collections.abc import Mapping

from backend.sync.catalog import MediaId, Product
from backend.sync.changeset import Action, Change
from backend.sync.diff import diff_product
from backend.sync.fields import PRODUCT_FIELDS, VARIANT_FIELDS
from backend.sync.fingerprint import value_hash
from backend.sync.link import LinkOrigin, ProductLink, Ref, VariantLink, agreement
from backend.sync.rules import Rules, desired
from backend.sync.values import read_value
