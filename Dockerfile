# The worker, and with another command the `ntm` command line.
FROM python:3.12.14-slim-trixie

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore \
    NTM_HOME=/var/lib/ntm

WORKDIR /app

# One lock for every purpose: the image carries the tools of the tests too, and runs none of them.
COPY requirements.lock ./
RUN pip install --only-binary :all: --require-hashes --requirement requirements.lock

COPY LICENSE README.md cli.py pyproject.toml worker.py ./
COPY activities activities
COPY console console
COPY data data
COPY demo demo
COPY domain domain
COPY language language
COPY office office
COPY policies policies
COPY signing signing
COPY stack stack
COPY storage storage
COPY workflows workflows
# Both folders belong to the worker, and so does a new volume that is mounted there.
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -m compileall -q . \
    && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin ntm \
    && install --directory --owner=ntm --group=ntm --mode=0700 /var/lib/ntm /var/lib/ntm-notes

USER 10001:10001

CMD ["python", "worker.py"]
