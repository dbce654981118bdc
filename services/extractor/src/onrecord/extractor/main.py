"""The extractor: pages in, articles and statements out. Parsing and the engine run in supervised worker processes."""

from functools import partial

from onrecord.contracts import Page, topics
from onrecord.extractor.handlers import Extractor
from onrecord.extractor.jobs import engine, warm_parser
from onrecord.extractor.settings import ExtractorSettings
from onrecord.runtime.app import Service, run_service
from onrecord.runtime.registry import Registry
from onrecord.runtime.workers import Workers


def build(settings: ExtractorSettings) -> Service:
    # A full disk or a lack of processes is this machine's fault, not the page's.
    registry = Registry((topics.PAGE,), outages=(OSError,))
    service = Service(settings, registry)
    parsers = Workers("parse", service.metrics, size=settings.parse_workers, warm_up=warm_parser)
    engines = Workers("engine", service.metrics, size=settings.engine_workers, warm_up=partial(engine, settings.engine))
    service.resource(parsers)
    service.resource(engines)
    registry.on(Page, Extractor(parsers, engines, service.services.tracing, service.metrics, settings.engine))
    return service


if __name__ == "__main__":
    run_service(ExtractorSettings, build)
