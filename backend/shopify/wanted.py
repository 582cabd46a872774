"""What is to be read of a catalogue, and the flags of the documents that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.sync.catalog import LocationId
from backend.sync.settings import DetailField, FieldGroup, SyncSettings

ALL_GROUPS = frozenset(FieldGroup)
ALL_DETAILS = frozenset(DetailField)

_FLAG_OF_DETAIL: Mapping[DetailField, str] = {
    DetailField.DESCRIPTION: "description",
    DetailField.CATEGORY: "category",
    DetailField.SEO: "seo",
    DetailField.TEMPLATE_SUFFIX: "templateSuffix",
    DetailField.METAFIELDS: "metafields",
    DetailField.BARCODE: "barcode",
    DetailField.TAXABLE: "taxable",
    DetailField.INVENTORY_POLICY: "inventoryPolicy",
    DetailField.REQUIRES_SHIPPING: "requiresShipping",
    DetailField.HS_CODE: "hsCode",
    DetailField.COUNTRY_OF_ORIGIN: "countryOfOrigin",
    DetailField.COST: "cost",
    DetailField.WEIGHT: "weight",
    DetailField.VARIANT_MEDIA: "variantMedia",
}

# Up to here a level per named location costs no more points than a connection over all of them (see `cost`).
MOST_NAMED_LOCATIONS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ids, title, handle, status, tags, vendor, type, SKU, prices, tracked and the inventory item are always
    read: selecting, matching and creating need them and they cost no points.

    `details` counts only with DETAILS in `groups`. `locations` are those whose stock is read; empty means
    every location of the shop. `origin` is the id metafield that tells from which product of a main shop one
    was created: dependents need it to find twins again, mains do not.
    """

    groups: frozenset[FieldGroup] = ALL_GROUPS
    details: frozenset[DetailField] = ALL_DETAILS
    locations: tuple[LocationId, ...] = ()
    origin: bool = True

    @classmethod
    def by(
        cls, settings: SyncSettings, locations: tuple[LocationId, ...] = (), *, origin: bool = True
    ) -> "Wanted":
        """What a connection with these settings owns."""
        return cls(settings.groups, settings.fields, locations, origin)

    def __or__(self, other: "Wanted") -> "Wanted":
        """What either wants: one read of a main shop serves all its dependents."""
        everywhere = (self.quantities and not self.locations) or (other.quantities and not other.locations)
        named = () if everywhere else tuple(sorted({*self.locations, *other.locations}))
        return Wanted(
            self.groups | other.groups,
            self.owned | other.owned,
            named,
            self.origin or other.origin,
        )

    @property
    def quantities(self) -> bool:
        return FieldGroup.QUANTITIES in self.groups

    @property
    def names_locations(self) -> bool:
        """Whether stock is read location by location and not as a connection."""
        return self.quantities and 0 < len(self.locations) <= MOST_NAMED_LOCATIONS

    @property
    def named_locations(self) -> tuple[LocationId, ...]:
        """The locations that a document names one by one; none where it reads a connection over all."""
        return self.locations if self.names_locations else ()

    def owns(self, detail: DetailField) -> bool:
        return detail in self.owned

    def flags(self) -> dict[str, bool]:
        owned = self.owned
        return {
            **{flag: detail in owned for detail, flag in _FLAG_OF_DETAIL.items()},
            # A variant's media is named by the product's.
            "media": self.owns(DetailField.MEDIA) or self.owns(DetailField.VARIANT_MEDIA),
            "options": FieldGroup.DETAILS in self.groups,
            "origin": self.origin,
            "levelAtLocation": self.names_locations,
            "allLevels": self.quantities and not self.names_locations,
        }

    def bulk_flags(self) -> dict[str, bool]:
        """In bulk connections count and points do not: any number of locations is named one by one, and stock
        everywhere has a bulk query of its own (see `reads_items`)."""
        named = self.quantities and bool(self.locations)
        return {**self.flags(), "levelAtLocation": named, "allLevels": False}

    @property
    def reads_items(self) -> bool:
        """Whether a bulk read needs the query over inventory items."""
        return self.quantities and not self.locations

    @property
    def owned(self) -> frozenset[DetailField]:
        """The details that are read."""
        return self.details if FieldGroup.DETAILS in self.groups else frozenset()
