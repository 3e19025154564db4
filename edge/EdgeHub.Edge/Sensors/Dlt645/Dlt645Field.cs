using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>One number in the answer to a data identifier.</summary>
/// <param name="Decimals">Digits behind the point, of the meter's BCD.</param>
/// <param name="IsSigned">Whether its top bit is a minus: currents and powers (DL/T 645-2007, annex A, notes).</param>
public sealed record Dlt645Field(string Quantity, string Unit, int Bytes, int Decimals, bool IsSigned = false)
{
    /// <summary>Pure and total: bytes that are no digits are a value that the meter does not have.</summary>
    public (double Value, Quality Quality) Read(ReadOnlySpan<byte> data) =>
        data.Length >= Bytes && Bcd.Read(data[..Bytes], Decimals, IsSigned) is { } number ? ((double)number, Quality.Good) : (double.NaN, Quality.BadNoData);
}
