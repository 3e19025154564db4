using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>A stream and what a catalog record of its box says of it.</summary>
/// <param name="Box">The catalog; null when the box's own does not describe the stream so.</param>
/// <param name="Words">Its entry there; null with it.</param>
public sealed record StreamDescription(StreamInfo Stream, Catalog? Box, Wire.Proto.Stream? Words);
