"""The app-owned id metafield that ties a created product to its main product beyond links and reinstalls.

Its definition has type `id`, whose values Shopify keeps unique in a shop: so productSet can address a product
by it (`identifier: {customId}`), and a creation that is sent twice makes one product.
"""

from backend.sync.catalog import ProductId

NAMESPACE = "$app:multi_store_sync"
KEY = "origin"
TYPE = "id"


def origin_value(main_domain: str, main_product: ProductId) -> str:
    """origin_value("main.myshopify.com", "gid://shopify/Product/123") == "main.myshopify.com/123"

    Type `id` takes plain text; the gid's prefix says nothing and is left out.
    """
    return f"{main_domain}/{main_product.rpartition('/')[2]}"
