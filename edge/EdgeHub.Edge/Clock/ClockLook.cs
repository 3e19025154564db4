namespace EdgeHub.Edge.Clock;

/// <summary>What a look at the clock found.</summary>
/// <param name="Changed">The quality is another than at the last look.</param>
/// <param name="Jump">How far wall time moved against boot time; zero when it did not jump.</param>
/// <param name="Save">Unix milliseconds to keep as the last known time; null when it is not due or not known.</param>
public readonly record struct ClockLook(bool Changed, TimeSpan Jump, long? Save);
