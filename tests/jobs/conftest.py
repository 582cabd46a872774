from tests.servers import database, database_url, postgres, redis, redis_url  # noqa: F401
