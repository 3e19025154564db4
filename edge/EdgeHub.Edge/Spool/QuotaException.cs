namespace EdgeHub.Edge.Spool;

/// <summary>The medium would take more, the configured quota does not.</summary>
#pragma warning disable CA1032 // It always says what did not fit.
public sealed class QuotaException(string message) : IOException(message);
#pragma warning restore CA1032
