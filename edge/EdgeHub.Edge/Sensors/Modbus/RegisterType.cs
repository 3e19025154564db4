namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>How a value lies in registers.</summary>
public enum RegisterType
{
    /// <summary>One coil or discrete input (functions 1 and 2).</summary>
    Bit,
    U16,
    I16,
    U32,
    I32,
    F32,
}
