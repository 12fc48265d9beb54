"""The window: Qt over the services. It asks services, never storage, and never blocks on them."""
