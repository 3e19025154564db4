using System.Buffers.Text;

namespace EdgeHub.Edge.Sensors.Nmea;

/// <summary>The fields of one sentence, parted by commas. A field that is not there is empty, as one that is left blank.</summary>
readonly ref struct NmeaFields(ReadOnlySpan<byte> text)
{
    readonly ReadOnlySpan<byte> text = text;

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var rest = text;
            for (; index > 0; index--)
            {
                var comma = rest.IndexOf((byte)',');
                if (comma < 0)
                    return default;
                rest = rest[(comma + 1)..];
            }

            var end = rest.IndexOf((byte)',');
            return end < 0 ? rest : rest[..end];
        }
    }

    /// <summary>A plain decimal number, or null.</summary>
    public double? Number(int index) => Number(this[index]);

    /// <summary>Degrees from <c>dddmm.mmmm</c> and the hemisphere in the next field; null when it is none.</summary>
    public double? Angle(int index, byte negative, byte positive, double limit)
    {
        var field = this[index];
        var point = field.IndexOf((byte)'.');
        var whole = point < 0 ? field.Length : point;
        if (whole < 3 || this[index + 1] is not [var sign] || (sign != negative && sign != positive))
            return null;
        if (Number(field[..(whole - 2)]) is not { } degrees || Number(field[(whole - 2)..]) is not { } minutes || minutes >= 60)
            return null;
        var angle = degrees + (minutes / 60);
        return angle > limit ? null : Math.Round(sign == negative ? -angle : angle, 8);
    }

    static double? Number(ReadOnlySpan<byte> field) =>
        field.Length is > 0 and <= 20 && Utf8Parser.TryParse(field, out decimal value, out var used) && used == field.Length ? (double)value : null;
}
