using System.Buffers;
using System.Text.Json;
using EdgeHub.DeviceSims.Doubles;

namespace EdgeHub.DeviceSims;

/// <summary>
/// What the doubles say they have sent, the truth that the city's database is judged by. A file of JSON
/// lines, one a value, in the order of the wire:
/// <code>{"t":81234567.125,"sensor":"noise1","quantity":"noise","value":54.3,"valid":true}</code>
/// <c>t</c> is milliseconds of the machine's monotonic clock. <c>valid</c> is false when a fault spoiled the
/// frame, or the frame says "no value" (then <c>value</c> is null): no reader may take that value. A value is written <em>after</em> the whole frame has gone out, and
/// values that did not go out are only counted. The lines of a frame reach the file in one write.
/// </summary>
public sealed class Ledger : IDisposable
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = true };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LedgerCounts> _counts = [];
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;

    /// <summary>Starts a new ledger; an older file of that name is replaced, for a run is judged by its own ledger only.</summary>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public Ledger(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>Where the file lies.</summary>
    public string Path { get; }

    /// <summary>The counts of all devices together.</summary>
    public LedgerCounts Total
    {
        get
        {
            lock (_gate)
            {
                return _counts.Values.Aggregate(default(LedgerCounts), LedgerCounts.Add);
            }
        }
    }

    /// <summary>The counts of one device.</summary>
    public LedgerCounts Of(string sensorId)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(sensorId);
        }
    }

    /// <summary>Enters the values of a frame that has gone out whole.</summary>
    /// <exception cref="IOException">The file cannot be written: the run cannot be judged any more and must stop.</exception>
    public void Enter(string sensorId, IReadOnlyList<SentValue> values, bool valid)
    {
        ArgumentNullException.ThrowIfNull(values);
        var ms = Math.Round(_time.GetTimestamp() * 1000.0 / _time.TimestampFrequency, 3);
        lock (_gate)
        {
            _lines.ResetWrittenCount();
            foreach (var value in values)
            {
                WriteLine(ms, sensorId, value, valid);
            }

            _file.Write(_lines.WrittenSpan);
            var good = valid ? values.Count(value => double.IsFinite(value.Value)) : 0;
            Count(sensorId, new LedgerCounts(good, values.Count - good, 0));
        }
    }

    /// <summary>Counts the values of a frame that did not go out.</summary>
    public void Drop(string sensorId, IReadOnlyList<SentValue> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        lock (_gate)
        {
            Count(sensorId, new LedgerCounts(0, 0, values.Count));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private void Count(string sensorId, LedgerCounts more) =>
        _counts[sensorId] = _counts.GetValueOrDefault(sensorId) + more;

    private void WriteLine(double ms, string sensorId, SentValue value, bool valid)
    {
        using (var json = new Utf8JsonWriter(_lines, Compact))
        {
            json.WriteStartObject();
            json.WriteNumber("t"u8, ms);
            json.WriteString("sensor"u8, sensorId);
            json.WriteString("quantity"u8, value.Quantity);
            if (double.IsFinite(value.Value))
            {
                json.WriteNumber("value"u8, value.Value);
            }
            else
            {
                json.WriteNull("value"u8);
            }

            json.WriteBoolean("valid"u8, valid && double.IsFinite(value.Value));
            json.WriteEndObject();
        }

        _lines.Write("\n"u8);
    }
}
