"""The settings' Kafka connection in FastStream's words."""

from typing import Any

from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from onrecord.runtime.settings import SaslMechanism, Settings

KINDS = {
    SaslMechanism.plain: SASLPlaintext,
    SaslMechanism.scram_sha_256: SASLScram256,
    SaslMechanism.scram_sha_512: SASLScram512,
}


def broker_security(settings: Settings) -> dict[str, Any]:
    connection = settings.kafka_connection()
    if "ssl_context" not in connection and "sasl_mechanism" not in connection:
        return {}
    context, use_ssl = connection.get("ssl_context"), "ssl_context" in connection
    if "sasl_mechanism" not in connection:
        return {"security": BaseSecurity(ssl_context=context, use_ssl=use_ssl)}  # type: ignore[arg-type]
    kind = KINDS[settings.kafka_sasl_mechanism]
    user, password = connection["sasl_plain_username"], connection["sasl_plain_password"]
    return {"security": kind(user, password, ssl_context=context, use_ssl=use_ssl)}  # type: ignore[arg-type]
