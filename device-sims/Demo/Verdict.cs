using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>The demo's last line.</summary>
sealed record Verdict(Findings Findings, long Recorded, long Waiting, long Tombstoned, IReadOnlyList<ChaosEvent>? Chaos)
{
    /// <summary>Whether the product's own books account for every reading recorded, without a difference; null when nobody asked.</summary>
    public bool? BooksBalance { get; init; }

    public long Lost => Recorded - Findings.Stored - Waiting - Tombstoned;

    /// <summary>Values on the wire that were never recorded: those in no row, less those that wait or are lost.</summary>
    public long Unread => Findings.Unread - Math.Max(0, Recorded - Findings.Stored);

    public bool IsGood => Lost == 0 && Findings is { Duplicates: 0, Altered: 0 } && Waiting == 0 && BooksBalance != false && (Chaos is null || Chaos.All(happened => happened.Unacked > 0));

    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("emitted", Findings.Emitted);
            json.WriteNumber("unread", Unread);
            json.WriteNumber("recorded", Recorded);
            json.WriteNumber("stored", Findings.Stored);
            json.WriteNumber("waiting", Waiting);
            json.WriteNumber("tombstoned", Tombstoned);
            json.WriteNumber("lost", Lost);
            json.WriteNumber("duplicates", Findings.Duplicates);
            json.WriteNumber("altered", Findings.Altered);
            if (BooksBalance is { } balance)
                json.WriteBoolean("booksBalance", balance);
            if (Chaos is not null)
            {
                json.WriteStartArray("chaos");
                foreach (var happened in Chaos)
                {
                    json.WriteStartObject();
                    json.WriteString("event", happened.Name);
                    json.WriteString("at", happened.At.ToString("F1", CultureInfo.InvariantCulture) + "s");
                    json.WriteNumber("unacked", happened.Unacked);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}

/// <param name="At">Seconds since the run began.</param>
/// <param name="Unacked">Recorded readings without an ack at that moment.</param>
sealed record ChaosEvent(string Name, double At, long Unacked);
