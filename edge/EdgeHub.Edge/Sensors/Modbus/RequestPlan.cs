namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The requests that read one profile, and which of its values each brings.</summary>
public static class RequestPlan
{
    /// <summary>Registers in one request. Source: Modbus Application Protocol V1.1b3, 6.3.</summary>
    public const int RegistersMax = 125;

    /// <summary>Bits in one request: the specification allows 2000; 1968 is what every slave takes.</summary>
    public const int BitsMax = 1968;

    /// <summary>Merges values of one function into as few requests as the profile allows.</summary>
    /// <param name="merge">False asks for each value by itself: for slaves that refuse to read across unused registers.</param>
    public static IReadOnlyList<(ModbusRequest Request, IReadOnlyList<int> Values)> Build(ModbusProfile profile, byte slave, bool merge = true)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var plan = new List<(ModbusRequest, IReadOnlyList<int>)>();
        foreach (var function in Enumerable.Range(0, profile.Registers.Count).GroupBy(i => profile.Registers[i].Function).OrderBy(group => group.Key))
            Add(plan, profile, slave, function.Key, [.. function.OrderBy(i => profile.Registers[i].Address)], merge);
        return plan;
    }

    static void Add(List<(ModbusRequest, IReadOnlyList<int>)> plan, ModbusProfile profile, byte slave, ModbusFunction function, IReadOnlyList<int> sorted, bool merge)
    {
        var countMax = Math.Min(profile.CountMax, function.IsBits() ? BitsMax : RegistersMax);
        var values = new List<int>();
        int start = 0, end = 0;
        foreach (var i in sorted)
        {
            var register = profile.Registers[i];
            var newEnd = Math.Max(end, register.Address + register.Count);
            if (values.Count > 0 && merge && register.Address - end <= profile.GapMax && newEnd - start <= countMax)
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

        void Close()
        {
            if (values.Count > 0)
                plan.Add((new ModbusRequest(slave, function, (ushort)start, (ushort)(end - start)), [.. values]));
            values.Clear();
        }
    }
}
