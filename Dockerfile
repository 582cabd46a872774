# One image for every process of the app; docker-compose.yml gives each its command.

FROM node:22-bookworm-slim AS page
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY schema.graphql /app/schema.graphql
COPY frontend/ ./
RUN npm run build

FROM python:3.13-slim-bookworm AS packages
COPY requirements/app.txt /tmp/app.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/app.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
RUN useradd --system --uid 10001 --no-create-home app
WORKDIR /app
COPY --from=packages /venv /venv
COPY backend/ backend/
COPY --from=page /app/frontend/dist frontend/dist
USER app
EXPOSE 8000
CMD ["uvicorn", "--factory", "backend.app:create_app", "--host", "0.0.0.0", "--port", "8000", "--proxy-headers"]
