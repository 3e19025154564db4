namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>One line of an exported file: the columns of the view <c>reading</c>.</summary>
public sealed record ExportRow(string Gateway, string Sensor, string Quantity, string Unit, string Site, string Area, string Class, string Classification, long TimeMs, double? Value, int Quality, string Grade, string Spool, long Sequence, bool Historical);
