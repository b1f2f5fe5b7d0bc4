# The daemon. Built in a stage of its own, so that the image holds neither the build tools nor the checkout. For a
# rehearsal `--build-arg SANDBOX=with` puts the fake JSM into the image; one for a real site has none.

ARG PYTHON=python:3.13-slim

FROM ${PYTHON} AS build
WORKDIR /build
RUN python3 -m venv /opt/jsm-sla-bot
ENV PATH=/opt/jsm-sla-bot/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# Pinned by hash, and before the sources: a change of code downloads nothing.
COPY requirements.txt requirements-build.txt ./
RUN python3 -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --no-deps -r requirements-build.txt \
    && pip install --require-hashes --no-deps -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY src src
RUN /opt/build/bin/python -m hatchling build --target wheel --directory dist \
    && pip install --no-deps --no-index dist/*.whl \
    && pip uninstall --yes pip \
    && chmod -R a+rX config

FROM build AS installed
ARG SANDBOX=without
RUN case "$SANDBOX" in \
      with) ;; \
      without) /opt/build/bin/pip --python /opt/jsm-sla-bot/bin/python uninstall --yes starlette uvicorn \
        && rm -r /opt/jsm-sla-bot/lib/python3*/site-packages/jsm_sandbox ;; \
      *) echo "SANDBOX is 'with' or 'without', not '$SANDBOX'." >&2; exit 1 ;; \
    esac

# The bill of materials of what really is installed, for a scanner that looks up vulnerabilities and licences.
FROM installed AS sbom
WORKDIR /build
COPY requirements-sbom.txt ./
RUN python3 -m venv /opt/sbom \
    && /opt/sbom/bin/pip install --require-hashes --no-deps -r requirements-sbom.txt \
    && /opt/sbom/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml --mc-type application \
       --output-format JSON --output-file /build/sbom.cdx.json /opt/jsm-sla-bot/bin/python

FROM ${PYTHON}
LABEL org.opencontainers.image.title="jsm-sla-bot" \
      org.opencontainers.image.description="Keeps Jira Service Management telling the truth about a support contract's response times." \
      org.opencontainers.image.licenses="MIT"
COPY --from=installed /opt/jsm-sla-bot /opt/jsm-sla-bot
COPY --from=build /build/config /etc/jsm-sla-bot
COPY --from=sbom /build/sbom.cdx.json /usr/share/doc/jsm-sla-bot/sbom.cdx.json
# A numeric user needs no entry in /etc/passwd, and Kubernetes can see that it is not root.
RUN mkdir /var/lib/jsm-sla-bot && chown 10001:10001 /var/lib/jsm-sla-bot
ENV PATH=/opt/jsm-sla-bot/bin:$PATH \
    HOME=/var/lib/jsm-sla-bot \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    JSM_SLA_BOT_CONFIG_DIR=/etc/jsm-sla-bot \
    JSM_SLA_BOT_HEALTH_PORT=8080 \
    JSM_SLA_BOT_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/jsm-sla-bot
VOLUME /var/lib/jsm-sla-bot
EXPOSE 8080
# The exec form: the daemon is PID 1 and SIGTERM reaches it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["jsm-sla-bot", "health"]
ENTRYPOINT ["jsm-sla-bot"]
CMD ["run"]
