"""How many more products may be linked, by the plans of both shops. Pure.

A main product counts once for the main, however many dependents it is linked to; so one that is linked
elsewhere already takes no place of it.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from backend.sync.catalog import ProductId


@dataclass(frozen=True, slots=True)
class Lacking:
    """Whose plan a product waits for."""

    main: bool
    dependent: bool

    def of(self, main: str, dependent: str) -> tuple[str, ...]:
        """Those of the two shops that it waits for."""
        return tuple(shop for shop, lacks in ((main, self.main), (dependent, self.dependent)) if lacks)


@dataclass(slots=True)
class Room:
    """`main` and `dependent` are the places left, None for any number, below zero where more is linked than
    the plan allows. `counted` are main products that have their place in main."""

    main: int | None
    dependent: int | None
    counted: AbstractSet[ProductId] = frozenset()
    taken_of_main: int = 0
    taken_of_dependent: int = 0

    def take(self, product: ProductId) -> Lacking | None:
        """Take a place for a product that is not linked on this connection; what is lacking otherwise."""
        new = product not in self.counted
        lacking = Lacking(
            main=new and self.main is not None and self.taken_of_main >= self.main,
            dependent=self.dependent is not None and self.taken_of_dependent >= self.dependent,
        )
        if lacking.main or lacking.dependent:
            return lacking
        self.taken_of_main += new
        self.taken_of_dependent += 1
        return None
