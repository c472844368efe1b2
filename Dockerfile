# The worked example as an image: one for db-init (migrate and seed) and for web.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /venv
COPY LICENSE pyproject.toml setup.cfg ./
COPY peewee_mig peewee_mig
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check .

FROM python:${PYTHON}-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin app
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1
WORKDIR /app
COPY setup.cfg seeds.py web.py ./
COPY models models
# With migrations/snapshots: without them, migrate refuses.
COPY migrations migrations
# A number, so that Kubernetes can tell that it is not root.
USER 10001
EXPOSE 8000
CMD ["python", "web.py"]
