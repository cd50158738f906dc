"""The web application: GraphQL over HTTP, content negotiation of resources, health."""
