namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The requests that read one profile, and which of its values each brings.</summary>
public static class RequestPlan
{
    /// <summary>Registers in one request. Source: Modbus Application Protocol V1.1b3, 6.3.</summary>
    public const int RegistersMax = 125;

    /// <summary>Bits in one request: the specification allows 2000; 1968 is what every slave takes.</summary>
    public const int BitsMax = 1968;

    /// <summary>Merges values into as few requests as the profile allows.</summary>
    /// <param name="merge">False asks for each value by itself: for slaves that refuse to read across unused registers.</param>
    public static IReadOnlyList<(ModbusRequest Request, IReadOnlyList<int> Values)> Build(ModbusProfile profile, byte slave, bool merge = true)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var plan = new List<(ModbusRequest, IReadOnlyList<int>)>();
        var values = new List<int>();
        int start = 0, end = 0;
        foreach (var i in Enumerable.Range(0, profile.Registers.Count).OrderBy(i => profile.Registers[i].Address))
        {
            var register = profile.Registers[i];
            var newEnd = Math.Max(end, register.Address + register.Count);
            if (values.Count > 0 && merge && register.Address - end <= profile.GapMax && newEnd - start <= profile.CountMax)
            {
                end = newEnd;
            }
            else
            {
                Close();
                (start, end) = (register.Address, register.Address + register.Count);
            }

            values.Add(i);
        }

        Close();
        return plan;

        void Close()
        {
            if (values.Count > 0)
                plan.Add((new ModbusRequest(slave, profile.Function, (ushort)start, (ushort)(end - start)), [.. values]));
            values.Clear();
        }
    }
}
