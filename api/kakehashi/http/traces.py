"""OpenTelemetry traces: a server span for each request, and a span for the GraphQL operation in it.

Names and attributes are those of the semantic conventions of HTTP servers and GraphQL servers, less what would hold query text or
the ids of resources: neither `graphql.document` nor `url.path` is sent.
"""

from collections.abc import Mapping
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Span, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from kakehashi.graphql.observed import Operation
from kakehashi.http.answered import Answered

EXPORT_SECONDS: Final = 5
_PROPAGATOR: Final = TraceContextTextMapPropagator()


class Traces:
    """Spans of this process, sent to a collector in the background. A collector that is away costs spans and nothing else."""

    def __init__(self, collector: str, share: float) -> None:
        exporter = OTLPSpanExporter(endpoint=f"{collector.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
        resource = Resource.create({"service.name": "kakehashi"})
        self._provider = TracerProvider(resource=resource, sampler=ParentBased(TraceIdRatioBased(share)), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("kakehashi")

    def begin(self, method: str, headers: Mapping[str, str], began: int) -> Span | None:
        """The span of a request, inside the one that `traceparent` names; None where it is not to be traced."""
        parent = _PROPAGATOR.extract(headers, context=Context())
        span = self._tracer.start_span(method, parent, SpanKind.SERVER, start_time=began)
        return span if isinstance(span, Span) else None

    def end(self, span: Span, answered: Answered) -> None:
        """End the span of a request, and write that of its operation."""
        record, status = answered.record, answered.status
        span.update_name(f"{answered.method} {answered.route}")
        span.set_attributes({
            "http.request.method": answered.method, "http.route": answered.route, "http.response.status_code": status,
            "url.scheme": answered.scheme, "kakehashi.request_id": record.request_id,
        })  # fmt: skip
        if record.release is not None:
            span.set_attribute("kakehashi.release", record.release)
        if status >= 500:
            span.set_attribute("error.type", str(status))
            span.set_status(Status(StatusCode.ERROR))
        if record.operation is not None and record.operation.ended:
            self._operation(span, record.operation)
        span.end()

    def close(self) -> None:
        """Send what is left, as long as that does not take long."""
        self._provider.force_flush(EXPORT_SECONDS * 1000)
        self._provider.shutdown()

    def _operation(self, parent: Span, operation: Operation) -> None:
        """The name of a span must be one of few, so that it leaves out the name that the client chose."""
        inside = set_span_in_context(parent, Context())
        span = self._tracer.start_span(operation.type, inside, SpanKind.INTERNAL, start_time=operation.began)
        span.set_attributes({"graphql.operation.type": operation.type, "kakehashi.graphql.plan": operation.plan})
        if operation.name is not None:
            span.set_attribute("graphql.operation.name", operation.name)
        span.end(operation.ended)
