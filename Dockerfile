# One image for web, worker and scheduler; the command decides. See docker-compose.yml.
FROM python:3.11-slim AS environment
WORKDIR /app
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv .venv \
 && .venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements-uv.lock \
 && .venv/bin/uv pip sync --no-cache --python .venv/bin/python --require-hashes requirements.lock

FROM python:3.11-slim
RUN useradd --system --create-home --home-dir /home/epay epay
WORKDIR /app
COPY --from=environment /app/.venv .venv
COPY . .
# Static files are collected with a stand-in environment: no secret and no database is needed for that.
RUN .venv/bin/python manage.py collectstatic --noinput \
 && .venv/bin/python -m compileall -q treasury agencies signing vouchers disbursement \
 && mkdir -p var/log && chown -R epay:epay var
ENV ENV=production PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER epay
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import socket; socket.create_connection(('127.0.0.1', 8000), 3)"]
CMD ["gunicorn", "treasury.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--access-logfile", "-"]
