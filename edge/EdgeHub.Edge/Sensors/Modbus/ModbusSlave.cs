namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>One slave on a line: its sensor's state and the requests that read it.</summary>
sealed class ModbusSlave
{
    readonly ModbusProfile profile;

    public ModbusSlave(SensorState sensor)
    {
        Sensor = sensor;
        var settings = (ModbusSettings)sensor.Options.Settings;
        profile = settings.Profile ?? throw new ArgumentException("A Modbus sensor has a profile.", nameof(sensor));
        Address = (byte)settings.Address;
        Plan = RequestPlan.Build(profile, Address);
    }

    public SensorState Sensor { get; }

    public byte Address { get; }

    public IReadOnlyList<(ModbusRequest Request, IReadOnlyList<int> Values)> Plan { get; private set; }

    /// <summary>Why values were last missed: what is counted for those that pass while the slave is left alone.</summary>
    public UnreadReason LastReason { get; set; } = UnreadReason.Timeout;

    public ModbusRegister Register(int value) => profile.Registers[value];

    /// <summary>Asks for each value by itself from now on. False when that is so already.</summary>
    public bool TryUnmerge()
    {
        if (Plan.All(item => item.Values.Count == 1))
            return false;
        Plan = RequestPlan.Build(profile, Address, merge: false);
        return true;
    }
}
