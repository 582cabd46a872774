"""The words that generated catalogues are made of: product families with their options, prices and
weights.
"""

from dataclasses import dataclass

SIZES = ("XS", "S", "M", "L", "XL", "XXL", "3XL", "4XL")
SHOE_SIZES = tuple(str(size) for size in range(36, 48))
COLOURS = (
    ("Black", "BLK"),
    ("Ecru", "ECR"),
    ("Navy", "NVY"),
    ("Moss Green", "MOS"),
    ("Rust", "RST"),
    ("Sky Blue", "SKY"),
    ("Charcoal", "CHA"),
    ("Terracotta", "TER"),
    ("Sand", "SND"),
    ("Plum", "PLM"),
    ("Café au lait", "CAF"),
    ("Off-White", "OFW"),
)
VENDORS = (
    ("Nordlicht", "NL"),
    ("Atelier Brume", "AB"),
    ("Casa Olmo", "CO"),
    ("Fjell & Foss", "FF"),
    ("Hatherleigh Goods", "HG"),
    ("Studio Ölberg", "SO"),
    ("Marais 21", "MR"),
    ("Lago Azul", "LA"),
    ("Tidewater Supply", "TW"),
    ("Kleine Werkstatt", "KW"),
)
QUALITIES = (
    "Classic", "Everyday", "Heavyweight", "Lightweight", "Organic", "Recycled", "Slim", "Relaxed", "Vintage",
    "Alpine", "Coastal", "Studio", "Workshop", "Weekend", "Heritage", "Soft", "Bold", "Little", "Grand",
    "Quiet",
)  # fmt: skip
PLACES = (
    "Bergen", "Lyon", "Sevilla", "Torino", "Galway", "Porto", "Leipzig", "Utrecht", "Malmö", "Ghent", "Basel",
    "Kraków", "Aarhus", "Tampere", "Trieste", "Nantes", "Bilbao", "Graz", "Zürich", "Bath",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Family:
    """`prices` in whole units of currency, `grams` of one piece; `options` names the options a product may
    have.
    """

    type: str
    code: str
    nouns: tuple[str, ...]
    options: tuple[str, ...]
    materials: tuple[str, ...]
    prices: tuple[int, int]
    grams: tuple[int, int]
    tags: tuple[str, ...]
    hs_code: str


FAMILIES = (
    Family("T-Shirts", "TS", ("T-Shirt", "Long Sleeve Tee", "Pocket Tee"), ("Size", "Colour"),
           ("organic cotton", "hemp and cotton", "merino wool"), (19, 55), (140, 260),
           ("apparel", "tops"), "610910"),
    Family("Shirts", "SH", ("Oxford Shirt", "Linen Shirt", "Overshirt", "Flannel Shirt"), ("Size", "Colour"),
           ("cotton", "linen", "brushed flannel"), (49, 129), (220, 480), ("apparel", "tops"), "620520"),
    Family("Knitwear", "KN", ("Jumper", "Cardigan", "Roll Neck", "Slipover"), ("Size", "Colour"),
           ("lambswool", "alpaca", "merino wool"), (69, 189), (300, 700), ("apparel", "knitwear"), "611011"),
    Family("Trousers", "TR", ("Chino", "Jeans", "Wide Leg Trousers"), ("Size", "Length", "Colour"),
           ("selvedge denim", "cotton twill", "corduroy"), (79, 169), (420, 800),
           ("apparel", "bottoms"), "620342"),
    Family("Jackets", "JK", ("Rain Jacket", "Field Jacket", "Down Vest"), ("Size", "Colour"),
           ("waxed cotton", "recycled nylon"), (119, 349), (500, 1400), ("apparel", "outerwear"), "620193"),
    Family("Shoes", "FW", ("Trainer", "Chelsea Boot", "Espadrille", "Clog"), ("Shoe size", "Colour"),
           ("suede", "full-grain leather", "canvas"), (59, 219), (500, 1300), ("footwear",), "640399"),
    Family("Bags", "BG", ("Tote Bag", "Backpack", "Wash Bag", "Weekender"), ("Colour",),
           ("canvas", "vegetable-tanned leather"), (29, 289), (200, 1800), ("accessories", "bags"), "420292"),
    Family("Mugs & Cups", "MG", ("Espresso Cup", "Mug", "Tumbler"), ("Colour", "Set"),
           ("stoneware", "porcelain", "borosilicate glass"), (12, 49), (180, 600),
           ("home", "kitchen"), "691200"),
    Family("Cookware", "CW", ("Cast Iron Pan", "Saucepan", "Roasting Tin"), ("Diameter",),
           ("cast iron", "carbon steel", "enamelled steel"), (39, 199), (900, 4200),
           ("home", "kitchen"), "732393"),
    Family("Bedding", "BD", ("Duvet Cover", "Pillowcase", "Throw"), ("Bed size", "Colour"),
           ("washed linen", "cotton percale"), (29, 229), (400, 2400), ("home", "bedroom"), "630210"),
    Family("Candles", "CD", ("Scented Candle", "Pillar Candle"), ("Scent",),
           ("soy wax", "beeswax"), (14, 59), (180, 700), ("home", "gifts"), "340600"),
    Family("Coffee", "CF", ("Espresso Blend", "Filter Roast", "Decaf"), ("Weight", "Grind"),
           ("arabica beans",), (9, 36), (250, 1000), ("food", "coffee"), "090121"),
    Family("Notebooks", "NB", ("Notebook", "Sketchbook", "Diary"), ("Ruling",),
           ("recycled paper",), (8, 34), (120, 500), ("stationery",), "482010"),
    Family("Skincare", "SC", ("Hand Cream", "Face Oil", "Soap Bar"), ("Scent",),
           ("shea butter", "olive oil"), (9, 49), (60, 300), ("beauty",), "330499"),
)  # fmt: skip

OPTION_VALUES: dict[str, tuple[str, ...]] = {
    "Size": SIZES,
    "Shoe size": SHOE_SIZES,
    "Colour": tuple(name for name, _ in COLOURS),
    "Length": ("30", "32", "34"),
    "Set": ("Single", "Set of 2", "Set of 4", "Set of 6"),
    "Diameter": ("18 cm", "20 cm", "24 cm", "26 cm", "28 cm", "30 cm"),
    "Bed size": ("135 × 200", "155 × 220", "200 × 200", "240 × 220"),
    "Scent": ("Fig", "Cedar", "Sea Salt", "Lavender", "Unscented", "Bergamot", "Smoke", "Rose"),
    "Weight": ("250 g", "500 g", "1 kg"),
    "Grind": ("Whole bean", "Espresso", "Filter", "French press"),
    "Ruling": ("Plain", "Lined", "Dotted", "Squared"),
    "Variation": tuple(f"No. {number}" for number in range(1, 2049)),
}

CARE = ("Machine wash at 30°", "Hand wash only", "Wipe with a damp cloth", "Dishwasher safe", "Dry clean")
ORIGINS = ("PT", "IT", "DE", "FR", "ES", "GB", "TR", "IN")
