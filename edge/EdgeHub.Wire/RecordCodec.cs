using EdgeHub.Wire.Proto;
using Google.Protobuf;

namespace EdgeHub.Wire;

/// <summary>Bytes of a record to its parts, with every limit checked; hostile bytes are a reason, never an exception.</summary>
public static class RecordCodec
{
    public static Record? TryDecode(ReadOnlyMemory<byte> bytes, out string reason)
    {
        if (bytes.Length > WireLimits.RecordBytesMax)
        {
            reason = $"a record has at most {WireLimits.RecordBytesMax} bytes, this one {bytes.Length}";
            return null;
        }

        var record = ProtoReader.TryRead(bytes.Span, Record.Parser, out reason);
        if (record is null)
            return null;
        reason = Check(record) ?? "";
        return reason.Length == 0 ? record : null;
    }

    static string? Check(Record record)
    {
        if (record.Opening is { } opening && (opening.Predecessor.Length is not (0 or SpoolId.Size) || opening.Writer.Length > WireLimits.TextLengthMax))
            return "the record's opening is malformed";
        return record.KindCase switch
        {
            Record.KindOneofCase.Block => record.Block.Mantissa.Count > WireLimits.ReadingsPerBlockMax ? "the block has too many readings" : null,
            Record.KindOneofCase.Catalog => CheckCatalog(record.Catalog),
            Record.KindOneofCase.ClockFix => record.ClockFix.BootId.Length == 16 ? null : "the clock fix names no boot",
            Record.KindOneofCase.Tombstone => CheckTombstone(record.Tombstone),
            Record.KindOneofCase.Aggregates => record.Aggregates.Minutes.Count > WireLimits.MinutesPerAggregatesMax ? "too many minutes" : null,
            Record.KindOneofCase.Books => CheckBooks(record.Books),
            _ => "the record is of a kind that is not known here",
        };
    }

    static string? CheckCatalog(Catalog catalog)
    {
        if (catalog.Streams.Count is 0 or > WireLimits.StreamsPerCatalogMax)
            return $"a catalog has 1 to {WireLimits.StreamsPerCatalogMax} streams, this one {catalog.Streams.Count}";
        if (catalog.Site.Length > WireLimits.TextLengthMax || catalog.Area.Length > WireLimits.TextLengthMax || catalog.Owner.Length > WireLimits.TextLengthMax || catalog.Grid.Length > WireLimits.TextLengthMax)
            return "a text of the catalog is too long";
        if (!IsPlace(catalog.Position))
            return "the catalog's position is none";
        foreach (var stream in catalog.Streams)
        {
            if (!Identifiers.IsId(stream.Sensor) || !Identifiers.IsQuantity(stream.Quantity))
                return "a stream of the catalog has a malformed sensor or quantity";
            if (stream.Unit.Length > WireLimits.TextLengthMax || stream.Site.Length > WireLimits.TextLengthMax || stream.Model.Length > WireLimits.TextLengthMax || stream.Classification.Length > WireLimits.TextLengthMax)
                return "a text of the catalog is too long";
            if (stream.Calibration is { } calibration && (calibration.Scale.Length > WireLimits.TextLengthMax || calibration.Offset.Length > WireLimits.TextLengthMax))
                return "a text of the catalog is too long";
            if (!IsPlace(stream.Position))
                return "a stream of the catalog has a position that is none";
            if (stream.HasAccuracy && !(double.IsFinite(stream.Accuracy) && stream.Accuracy > 0))
                return "a stream of the catalog has an accuracy that is none";
            if (stream.Sampling is { } sampling && !IsSampling(sampling))
                return "a stream of the catalog has a sampling that is none";
        }

        return null;
    }

    static bool IsPlace(Position? position) =>
        position is null || (Math.Abs(position.Longitude) <= 180 && Math.Abs(position.Latitude) <= 90 && double.IsFinite(position.Height));

    static bool IsSampling(Sampling sampling) =>
        sampling is { IntervalMs: <= WireLimits.SamplingMsMax, HeartbeatMs: <= WireLimits.SamplingMsMax } && double.IsFinite(sampling.Deadband) && sampling.Deadband >= 0;

    static string? CheckBooks(Books books) =>
        books.Recorded.Count > WireLimits.CountsPerRecordMax || books.Unread.Count > WireLimits.CountsPerRecordMax ? "too many counts"
        : books.Spool.Length is not (0 or SpoolId.Size) ? "the books name no spool"
        : books.Spool.Length > 0 && books.LastNumber == 0 ? "the books of another spool end at no number"
        : null;

    static string? CheckTombstone(Tombstone tombstone) =>
        tombstone.Spool.Length != SpoolId.Size ? "the tombstone names no spool"
        : tombstone.FirstNumber == 0 || tombstone.LastNumber < tombstone.FirstNumber ? "the tombstone's numbers are no range from 1"
        : tombstone.Counts.Count > WireLimits.CountsPerRecordMax ? "the tombstone has too many counts"
        : null;
}
