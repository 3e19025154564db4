namespace EdgeHub.Edge.Sensors.TextLine;

/// <param name="Separator">Between columns.</param>
/// <param name="LineMax">Bytes of the longest line, its line feed included.</param>
/// <param name="Request">What asks for a line; null where they come by themselves.</param>
sealed record TextLineSettings(IReadOnlyList<TextValue> Values, byte Separator, TextChecksum Checksum, int LineMax, byte[]? Request)
    : DriverSettings([.. Values.Select(value => value.Stream)]);
