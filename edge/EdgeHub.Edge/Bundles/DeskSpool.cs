using EdgeHub.Wire;

namespace EdgeHub.Edge.Bundles;

/// <summary>One spool that may be carried away.</summary>
/// <param name="Waiting">What the city does not have yet.</param>
/// <param name="Held">What can still be read, the kept history included.</param>
sealed record DeskSpool(string Gateway, string Spool, ulong Head, IReadOnlyList<NumberRange> Waiting, IReadOnlyList<NumberRange> Held);
