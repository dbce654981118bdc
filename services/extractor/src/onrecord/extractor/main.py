"""The extractor: pages in, articles and statements out. Parsing and the engine run in supervised worker processes."""

import sys
from functools import partial

from onrecord.contracts import Page, topics
from onrecord.extractor.handlers import Extractor
from onrecord.extractor.jobs import engine
from onrecord.extractor.settings import ExtractorSettings
from onrecord.runtime.app import Service
from onrecord.runtime.registry import Registry
from onrecord.runtime.settings import USAGE_ERROR, SettingsError
from onrecord.runtime.workers import Workers
from onrecord.statements import ModelNotInstalled


def build(settings: ExtractorSettings) -> Service:
    engine(settings.engine)
    registry = Registry((topics.PAGE,))
    service = Service(settings, registry)
    parsers = Workers("parse", service.metrics, size=settings.parse_workers)
    engines = Workers("engine", service.metrics, size=settings.engine_workers, warm_up=partial(engine, settings.engine))
    service.resource(parsers)
    service.resource(engines)
    registry.on(Page, Extractor(parsers, engines, service.services.tracing, service.metrics, settings.engine))
    return service


def main() -> None:
    try:
        build(ExtractorSettings.load()).run()
    except (SettingsError, ModelNotInstalled) as error:
        print(error, file=sys.stderr)
        raise SystemExit(USAGE_ERROR) from error


if __name__ == "__main__":
    main()
